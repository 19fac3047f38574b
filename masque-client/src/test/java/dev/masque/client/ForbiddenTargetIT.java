package dev.masque.client;

import static dev.masque.client.RealProxy.udpPath;
import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.netty.raw.RawH2;
import dev.masque.server.access.AccessPolicy;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a forbidden place is spelled, the proxy does not go there: not for TCP, not for UDP, not by a name. */
@Timeout(120)
class ForbiddenTargetIT {
    @AutoClose
    private final RealProxy proxy = new RealProxy(builder -> builder);

    @AutoClose
    private final ServerSocket tcp = listening();

    @AutoClose
    private final DatagramSocket udp = bound();

    private static ServerSocket listening() {
        try {
            return new ServerSocket(0, 50, RealProxy.LOOPBACK);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static DatagramSocket bound() {
        try {
            return new DatagramSocket(0, RealProxy.LOOPBACK);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void assertForbidden(RealProxy by, String host, String... statuses) throws Exception {
        String inUri = inUri(host);
        try (RawH2 client = by.http2()) {
            client.connect(1, host + ":" + tcp.getLocalPort());
            assertThat(answer(client, 1)).as("TCP to %s", host).isIn((Object[]) statuses);
            client.connectUdp(3, udpPath(inUri, udp.getLocalPort()));
            client.data(3, false, new byte[] {0, 2, 0, 1});
            assertThat(answer(client, 3)).as("UDP to %s", host).isIn((Object[]) statuses);
        }
        assertUntouched();
    }

    /** As a template takes it: IPv6 without brackets, colons encoded. */
    private static String inUri(String host) {
        boolean ipv6 = host.startsWith("[") && host.contains(":");
        return URLEncoder.encode(ipv6 ? host.substring(1, host.length() - 1) : host, StandardCharsets.US_ASCII);
    }

    private static String answer(RawH2 client, int stream) {
        RawH2.Frame frame = client.await(next -> next.stream() == stream && next.type() != RawH2.WINDOW_UPDATE);
        return frame.type() == RawH2.RST_STREAM
                ? "malformed"
                : frame.status() + " "
                        + error(Objects.requireNonNull(frame.fields().get("proxy-status")));
    }

    private static String error(String proxyStatus) {
        return proxyStatus.replaceAll(".*error=([a-z_]+).*", "$1");
    }

    private void assertUntouched() throws IOException {
        tcp.setSoTimeout(1);
        udp.setSoTimeout(1);
        try {
            tcp.accept();
            throw new AssertionError("a connection was made");
        } catch (SocketTimeoutException none) {
            assertThat(proxy.server.tunnels()).isZero();
        }
        try {
            udp.receive(new DatagramPacket(new byte[10], 10));
            throw new AssertionError("a datagram was sent");
        } catch (SocketTimeoutException none) {
            assertThat(proxy.server.tunnels()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.255.254",
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "100.64.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "192.0.0.8",
                "192.0.2.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "[::]",
                "[::1]",
                "[0:0:0:0:0:0:0:1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[::127.0.0.1]",
                "[::7f00:1]",
                "[::ffff:0:127.0.0.1]",
                "[64:ff9b::127.0.0.1]",
                "[64:ff9b::a00:1]",
                "[64:ff9b:1::7f00:1]",
                "[2002:7f00:1::]",
                "[2002:7f00:1::1]",
                "[2001:0:7f00:1::]",
                "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
                "[2001:db8::1]",
                "[fc00::1]",
                "[fd00:ec2::254]",
                "[fe80::1]",
                "[fec0::1]",
                "[ff02::1]",
                "[100::1]",
            })
    void addressesThatAreNotPublic(String host) throws Exception {
        assertForbidden(proxy, host, "403 destination_ip_prohibited");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2130706433",
                "0x7f000001",
                "0x7f.1",
                "0x7f.0.0.1",
                "127.1",
                "127.0.1",
                "0177.0.0.1",
                "017700000001",
                "127.0.0.01",
                "127.0.0.1.",
                "00000127.0.0.1",
                "127.0.0.256",
                "[127.0.0.1]",
                "[fe80::1%25eth0]",
                "[fe80::1%eth0]",
                "[::1%251]",
                "[::ffff:0x7f.0.0.1]",
            })
    void spellingsThatOnlySomeTakeForAnAddress(String host) throws Exception {
        assertForbidden(proxy, host, "400 http_request_error", "malformed");
        assertThat(proxy.dns.questions).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7f000001",
                "0a000001",
                "a9fea9fe",
                "00000000",
                "64400001",
                "00000000000000000000000000000001",
                "00000000000000000000ffff7f000001",
                "0000000000000000000000007f000001",
                "0064ff9b00000000000000007f000001",
                "0064ff9b00010000000000007f000001",
                "20027f00000100000000000000000000",
                "200100007f0000010000000000000000",
                "fd00000000000000000000000000ec02",
                "fe800000000000000000000000000001",
            })
    void namesThatResolveToThem(String address) throws Exception {
        assertForbidden(proxy, "ip" + address + ".example", "403 destination_ip_prohibited");
        assertThat(proxy.dns.questions).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "localhost.", "any.localhost"})
    void thisHostByItsName(String name) throws Exception {
        assertForbidden(proxy, name, "403 destination_ip_prohibited", "403 http_request_denied", "502 dns_error");
    }

    @Test
    void theProxyItselfIsALoopEvenWhereItsAddressIsAllowed() throws Exception {
        try (RealProxy open = new RealProxy(builder ->
                builder.accessPolicy(AccessPolicy.builder().allow("127.0.0.0/8").build()))) {
            int port = open.server.port();
            for (String host : new String[] {"127.0.0.1", "[::ffff:127.0.0.1]", "ip7f000001.example", "0.0.0.0"}) {
                try (RawH2 client = open.http2()) {
                    client.connect(1, host + ":" + port);
                    assertThat(answer(client, 1)).as("TCP to %s", host).endsWith("proxy_loop_detected");
                    client.connectUdp(3, udpPath(inUri(host), port));
                    assertThat(answer(client, 3)).as("UDP to %s", host).endsWith("proxy_loop_detected");
                }
            }
            open.assertServes();
        }
    }
}
