package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.client.Forwarding;
import dev.masque.core.HttpVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A browser's view of HTTP/3: QUIC of others inside a UDP tunnel of ours, over every version of HTTP. */
class QuicInUdpIT extends Interop {
    private static final int SIZE = 5_000_000;

    @ParameterizedTest
    @EnumSource(HttpVersion.class)
    void aSiteOverHttp3IsFetchedThroughTheTunnel(HttpVersion version) throws Exception {
        try (Peer site = Peer.start(Peers.quicGo("site", "-cert", authority.certificate(), "-key", authority.key()));
                OurProxy proxy = OurProxy.start(authority);
                OurClient client = OurClient.of(proxy.address(), authority, version, OurProxy.KEY);
                Forwarding forwarding = client.forwardUdp("127.0.0.1:" + site.port())) {
            String url = "https://localhost:" + forwarding.localAddress().getPort() + "/bytes/" + SIZE;

            byte[] fetched = Peer.run(Peers.quicGo("get", "-ca", authority.authority(), url))
                    .ok()
                    .bytes();

            assertThat(fetched).isEqualTo(expected());
        }
    }

    private static byte[] expected() {
        byte[] bytes = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            bytes[i] = (byte) ((long) i * i % 251);
        }
        return bytes;
    }
}
