package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.masque.cli.Masque;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenSSH through our proxy, with {@code masque connect} as its ProxyCommand. */
class SshIT extends Interop {
    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "3"})
    void aCommandRunsOnTheOtherSide(String http) throws Exception {
        String ssh = Peers.program("ssh", "openssh-client");
        try (Peer sshd = startServer();
                OurProxy proxy = OurProxy.start(authority)) {
            Peer.Result result = Peer.run(List.of(
                    ssh,
                    "-F",
                    "/dev/null",
                    "-i",
                    folder.resolve("user").toString(),
                    "-o",
                    "IdentitiesOnly=yes",
                    "-o",
                    "StrictHostKeyChecking=no",
                    "-o",
                    "UserKnownHostsFile=/dev/null",
                    "-o",
                    "ProxyCommand=" + proxyCommand(proxy, http),
                    "-p",
                    Integer.toString(port),
                    System.getProperty("user.name") + "@127.0.0.1",
                    "head -c 5000000 /dev/zero; echo done >&2"));

            assertThat(result.ok().bytes()).hasSize(5_000_000);
            assertThat(result.errors()).contains("done");
            assertThat(sshd.port()).isZero();
        }
    }

    private int port;

    private Peer startServer() throws Exception {
        String sshd = Peers.program("sshd", "openssh-server");
        String keygen = Peers.program("ssh-keygen", "openssh-client");
        Path privileges = Path.of("/run/sshd");
        if (Files.notExists(privileges)) { // the system makes it when it starts the service
            assumeTrue(Files.isWritable(privileges.getParent()), "sshd needs /run/sshd");
            Files.createDirectory(privileges);
        }
        for (String key : List.of("host", "user")) {
            if (Files.notExists(folder.resolve(key))) {
                Peer.run(List.of(
                                keygen,
                                "-q",
                                "-t",
                                "ed25519",
                                "-N",
                                "",
                                "-f",
                                folder.resolve(key).toString()))
                        .ok();
            }
        }
        port = Relay.freePort();
        Path configuration = folder.resolve("sshd_config");
        Files.writeString(configuration, """
                Port %d
                ListenAddress 127.0.0.1
                HostKey %s
                AuthorizedKeysFile %s
                PidFile none
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                """.formatted(port, folder.resolve("host"), folder.resolve("user.pub")));
        return Peer.start(List.of(sshd, "-D", "-e", "-f", configuration.toString()), port);
    }

    private String proxyCommand(OurProxy proxy, String http) throws Exception {
        Path key = folder.resolve("psk");
        Files.writeString(key, OurProxy.KEY + "\n");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return String.join(
                " ",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                Masque.class.getName(),
                "connect",
                "--proxy",
                "https://" + proxy.address(),
                "--http",
                http,
                "--psk-file",
                key.toString(),
                "--proxy-ca",
                authority.authority(),
                "%h:%p");
    }
}
