package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.masque.client.AuthenticationException;
import dev.masque.client.Credentials;
import dev.masque.client.MasqueClient;
import dev.masque.client.TcpTunnel;
import dev.masque.core.HttpVersion;
import dev.masque.core.Target;
import dev.masque.core.tls.PeerTrust;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.Test;

/** {@code masque proxy} lets accounts in, with passwords and with secrets. */
class AccountCommandIT extends Interop {
    private boolean isLetIn(Peer proxy, Credentials credentials) throws Exception {
        try (MasqueClient client = MasqueClient.builder()
                        .proxy("https://localhost:" + proxy.port())
                        .trust(PeerTrust.pem(Path.of(authority.authority())))
                        .credentials(credentials)
                        .versions(HttpVersion.HTTP_2)
                        .build();
                TcpTunnel tunnel = client.openTcp(Target.parse(origins.tcpEcho()))) {
            tunnel.outputStream().write(3);
            return tunnel.inputStream().read() == 3;
        }
    }

    @Test
    void byTheirPasswordsAndSecrets() throws Exception {
        String hash = OpenBSDBCrypt.generate("2y", "horse".toCharArray(), new byte[16], 4);
        Path accounts = Files.writeString(folder.resolve("accounts"), "alice:" + hash + "\n");
        Path secret = Files.writeString(folder.resolve("bob.secret"), "the-secret-of-bob\n");
        String line = "proxy --listen 127.0.0.1:0 --http 2 --allow 127.0.0.1 --accounts " + accounts + " --bearer bob="
                + secret + " --cert " + authority.certificate() + " --key " + authority.key();
        try (Peer proxy = Peer.start(Peers.masque(line.split(" +")))) {
            assertThat(isLetIn(proxy, Credentials.basic("alice", "horse"))).isTrue();
            assertThat(isLetIn(proxy, Credentials.bearer("the-secret-of-bob"))).isTrue();
            assertThatExceptionOfType(AuthenticationException.class)
                    .isThrownBy(() -> isLetIn(proxy, Credentials.basic("alice", "donkey")))
                    .satisfies(refusal -> assertThat(refusal.challenges())
                            .contains("Bearer", "Basic realm=\"proxy\", charset=\"UTF-8\""));
        }
    }
}
