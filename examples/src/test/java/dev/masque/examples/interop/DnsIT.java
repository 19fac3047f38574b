package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.client.Forwarding;
import dev.masque.core.HttpVersion;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** dig asks dnsmasq through a forwarded UDP port: our client, our proxy, every version of HTTP. */
class DnsIT extends Interop {
    @ParameterizedTest
    @EnumSource(HttpVersion.class)
    void aNameResolvesThroughTheTunnel(HttpVersion version) throws Exception {
        String dig = Peers.program("dig", "bind9-dnsutils");
        int port = Relay.freePort();
        try (Peer dnsmasq = Peer.start(dnsmasq(port), port);
                OurProxy proxy = OurProxy.start(authority);
                OurClient client = OurClient.of(proxy.address(), authority, version, OurProxy.KEY);
                Forwarding forwarding = client.forwardUdp("127.0.0.1:" + port)) {
            List<String> question = List.of(
                    dig,
                    "@127.0.0.1",
                    "-p",
                    Integer.toString(forwarding.localAddress().getPort()),
                    "+short",
                    "+time=10",
                    "+tries=3");

            assertThat(answer(question, "printer.example", "A")).isEqualTo("203.0.113.7");
            assertThat(answer(question, "printer.example", "AAAA")).isEqualTo("2001:db8::7");
            assertThat(answer(question, "long.example", "TXT")).hasSizeGreaterThan(1000);
            assertThat(dnsmasq.port()).isZero();
        }
    }

    private static String answer(List<String> question, String name, String type) {
        List<String> command = new java.util.ArrayList<>(question);
        command.addAll(List.of(name, type));
        return Peer.run(command).ok().output().strip();
    }

    private List<String> dnsmasq(int port) {
        String text = "x".repeat(250);
        return List.of(
                Peers.program("dnsmasq", "dnsmasq-base"),
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--no-resolv",
                "--no-hosts",
                "--pid-file=",
                "--user=" + System.getProperty("user.name"),
                "--listen-address=127.0.0.1",
                "--bind-interfaces",
                "--port=" + port,
                "--host-record=printer.example,203.0.113.7,2001:db8::7",
                "--txt-record=long.example," + String.join(",", List.of(text, text, text, text)));
    }
}
