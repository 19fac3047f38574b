package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The peers among themselves, without us: what fails here is not our fault. */
class PeersIT extends Interop {
    private static final String KEY = "a-key-for-tests";

    @Test
    void nodeReachesTcpThroughNode() {
        byte[] bytes = random();
        try (Peer proxy = nodeProxy()) {
            Peer.Result result = Peer.run(
                    Peers.node(
                            "node-h2-client.mjs",
                            "connect",
                            "--proxy",
                            "localhost:" + proxy.port(),
                            "--ca",
                            authority.authority(),
                            "--psk",
                            KEY,
                            origins.tcpEcho()),
                    bytes);

            assertThat(result.ok().bytes()).isEqualTo(bytes);
        }
    }

    @Test
    void nodeReachesUdpThroughNode() {
        try (Peer proxy = nodeProxy()) {
            Peer.Result result = Peer.run(Peers.node(
                    "node-h2-client.mjs",
                    "udp",
                    "--proxy",
                    "localhost:" + proxy.port(),
                    "--ca",
                    authority.authority(),
                    "--psk",
                    KEY,
                    "--count",
                    "200",
                    "--noise",
                    origins.udpEcho()));

            assertThat(result.ok().output().strip()).isEqualTo("sent 200 echoed 200 disordered 0");
        }
    }

    @Test
    void quicGoReachesTcpThroughQuicGo() {
        byte[] bytes = random();
        try (Peer proxy = quicGoProxy()) {
            Peer.Result result = Peer.run(
                    Peers.quicGo(
                            "connect",
                            "-proxy",
                            "localhost:" + proxy.port(),
                            "-ca",
                            authority.authority(),
                            "-psk",
                            KEY,
                            origins.tcpEcho()),
                    bytes);

            assertThat(result.ok().bytes()).isEqualTo(bytes);
        }
    }

    @Test
    void quicGoReachesUdpThroughQuicGo() {
        try (Peer proxy = quicGoProxy()) {
            Peer.Result result = Peer.run(Peers.quicGo(
                    "udp",
                    "-proxy",
                    "localhost:" + proxy.port(),
                    "-ca",
                    authority.authority(),
                    "-psk",
                    KEY,
                    "-count",
                    "200",
                    "-size",
                    "1200",
                    origins.udpEcho()));

            assertThat(result.ok().output()).startsWith("sent 200 echoed ").endsWith("disordered 0\n");
        }
    }

    @Test
    void curlReachesTheSiteThroughNghttpxAndTinyproxy() {
        String curl = Peers.curl();
        try (Relay relay = Relay.start(authority, folder)) {
            Peer.Result result = Peer.run(java.util.List.of(
                    curl,
                    "-sS",
                    "--proxy-http2",
                    "-x",
                    "https://" + relay.address(),
                    "--proxy-cacert",
                    authority.authority(),
                    "--cacert",
                    authority.authority(),
                    origins.site("/")));

            assertThat(result.ok().output()).isEqualTo(Origins.PAGE);
        }
    }

    private Peer nodeProxy() {
        return Peer.start(Peers.node(
                "node-h2-proxy.mjs", "--cert", authority.certificate(), "--key", authority.key(), "--psk", KEY));
    }

    private Peer quicGoProxy() {
        return Peer.start(
                Peers.quicGo("proxy", "-cert", authority.certificate(), "-key", authority.key(), "-psk", KEY));
    }

    private static byte[] random() {
        byte[] bytes = new byte[5_000_000];
        new Random(3).nextBytes(bytes);
        return bytes;
    }
}
