package dev.masque.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.Bytes;
import dev.masque.core.Target;
import dev.masque.core.UdpTemplate;
import dev.masque.core.memory.MemoryTransportProvider;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.access.IpPrefix;
import dev.masque.server.egress.EgressPool;
import dev.masque.server.egress.EgressSelector;
import dev.masque.server.event.ConfigurationReloaded;
import dev.masque.server.event.EgressPoolUnavailable;
import dev.masque.server.event.ServerListener;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real sockets, which leave from pools of loopback addresses; those of 192.0.2.0/24 are nobody's. */
@Timeout(60)
class EgressIT {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final InetSocketAddress PROXY = new InetSocketAddress(LOOPBACK, 1);
    private static final String FEED = """
            127.16.1.0/24,JP,JP-13,Tokyo,,xn76c
            127.16.2.0/24,JP,JP-27,Osaka,,xn0m7
            192.0.2.0/24,GB,GB-ENG,London,,gcpvj
            127.16.3.0/24,GB,GB-SCT,Edinburgh,,gcvwr
            192.0.2.0/32,FR
            127.16.9.9/32
            """;

    @TempDir
    private Path folder;

    private final MemoryTransportProvider memory = new MemoryTransportProvider();
    private final List<EgressPoolUnavailable> unavailable = new CopyOnWriteArrayList<>();
    private volatile boolean reloaded;
    private Path feed = Path.of("egress.csv");
    private MasqueServer server = unstarted();
    private ProxyClient session = unstarted();
    private ServerSocket target = unstarted();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unstarted() {
        return null;
    }

    private static TlsIdentity none() {
        throw new AssertionError("not asked for");
    }

    @BeforeEach
    void start() throws IOException {
        feed = Files.writeString(folder.resolve(feed), FEED);
        server = MasqueServer.builder()
                .listen(PROXY)
                .identity(EgressIT::none)
                .openToEveryone()
                .alsoKnownAs("proxy.example")
                .transports(memory)
                .egress(EgressSelector.fromGeofeed(feed))
                .accessPolicy(AccessPolicy.builder().allow("127.0.0.0/8").build())
                .listener(new ServerListener() {
                    @Override
                    public void egressPoolUnavailable(EgressPoolUnavailable event) {
                        unavailable.add(event);
                    }

                    @Override
                    public void configurationReloaded(ConfigurationReloaded event) {
                        reloaded = true;
                    }
                })
                .start();
        session = ProxyClient.connect(memory, PROXY);
        target = new ServerSocket(0, 16, LOOPBACK);
        target.setSoTimeout(20_000);
    }

    @AfterEach
    void stop() throws IOException {
        target.close();
        session.close();
        server.close();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private ClientStream connect(String hint) {
        HeaderFields fields = hint.isEmpty() ? HeaderFields.empty() : HeaderFields.of("sec-ch-geohash", hint);
        ClientStream client = session.request(RequestHead.connect("127.0.0.1:" + target.getLocalPort(), fields));
        await(client::isAnswered);
        return client;
    }

    /** Where the target sees the tunnel come from. */
    private String source(String hint) throws IOException {
        assertThat(connect(hint).status()).isEqualTo(200);
        try (Socket socket = target.accept()) {
            return socket.getInetAddress().getHostAddress();
        }
    }

    @Test
    void theTargetSeesAnAddressOfTheNearestPool() throws IOException {
        assertThat(source("xn77h-JP")).startsWith("127.16.1.");
        assertThat(source("xn0ks-JP")).startsWith("127.16.2.");
        assertThat(source("")).isEqualTo("127.16.9.9");
        assertThat(source("u33dc-DE")).isEqualTo("127.16.9.9");
    }

    @Test
    void anAddressThatCannotBeBoundTakesItsPoolOutAndTheNextIsUsed() throws IOException {
        assertThat(source("gcpvj-GB")).startsWith("127.16.3.");
        assertThat(unavailable).extracting(EgressPoolUnavailable::pool).containsExactly("192.0.2.0/24");
        assertThat(source("gcpvj-GB")).startsWith("127.16.3.");
        assertThat(unavailable).hasSize(1);
    }

    @Test
    void aCountryWhosePoolsCannotBeBoundIsNotLeft() {
        ClientStream client = connect("FR");
        assertThat(client.status()).isEqualTo(503);
        assertThat(client.field("proxy-status")).contains("error=source_addr_not_available");
    }

    @Test
    void datagramsLeaveFromThePoolToo() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, LOOPBACK)) {
            socket.setSoTimeout(20_000);
            String path = UdpTemplate.DEFAULT.expand(Target.of("127.0.0.1", socket.getLocalPort()));
            for (String hint : List.of("xn0ks-JP", "gcpvj-GB")) {
                ClientStream client = session.request(
                        RequestHead.connectUdp("proxy.example", path, HeaderFields.of("sec-ch-geohash", hint)));
                await(client::isAnswered);
                assertThat(client.status()).isEqualTo(200);
                client.sendDatagram(0, 1, 2, 3);
                DatagramPacket packet = new DatagramPacket(new byte[100], 100);
                socket.receive(packet);
                assertThat(packet.getAddress().getHostAddress())
                        .startsWith(hint.endsWith("JP") ? "127.16.2." : "127.16.3.");
                socket.send(new DatagramPacket(new byte[] {9}, 1, packet.getSocketAddress()));
                await(() -> !client.datagrams().isEmpty());
                assertThat(client.datagrams()).containsExactly(Bytes.copyOf(new byte[] {0, 9}));
            }
        }
    }

    @Test
    void tunnelsStayWhenTheFileChangesAndNewOnesUseIt() throws IOException {
        ClientStream before = connect("xn77h-JP");
        try (Socket old = target.accept()) {
            Files.writeString(feed, "127.16.7.0/24,JP");
            await(() -> reloaded);
            assertThat(source("xn77h-JP")).startsWith("127.16.7.");
            before.send("still here");
            assertThat(new String(old.getInputStream().readNBytes(10), java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("still here");
        }
    }

    @Test
    void ipv6IsBoundToo() throws IOException {
        InetAddress loopback = InetAddress.getAllByName("::1")[0];
        try (MasqueServer other = MasqueServer.builder()
                        .listen(new InetSocketAddress(LOOPBACK, 2))
                        .identity(EgressIT::none)
                        .openToEveryone()
                        .transports(memory)
                        .egress(selector("::1/128"))
                        .accessPolicy(AccessPolicy.builder().allow("::1").build())
                        .start();
                ProxyClient client = ProxyClient.connect(memory, new InetSocketAddress(LOOPBACK, 2));
                ServerSocket six = new ServerSocket(0, 1, loopback)) {
            six.setSoTimeout(20_000);
            ClientStream tunnel =
                    client.request(RequestHead.connect("[::1]:" + six.getLocalPort(), HeaderFields.empty()));
            try (Socket socket = six.accept()) {
                assertThat(socket.getInetAddress()).isEqualTo(loopback);
            }
            await(tunnel::isAnswered);
            assertThat(tunnel.status()).isEqualTo(200);
            assertThat(other.tunnels()).isLessThanOrEqualTo(1);
        }
    }

    private static EgressSelector selector(String prefix) throws IOException {
        return EgressSelector.builder()
                .pools(List.of(EgressPool.byDefault(IpPrefix.parse(prefix))))
                .build();
    }
}
