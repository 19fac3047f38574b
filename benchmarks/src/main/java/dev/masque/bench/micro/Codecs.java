package dev.masque.bench.micro;

import dev.masque.core.MalformedException;
import dev.masque.core.Target;
import dev.masque.core.UdpTemplate;
import dev.masque.core.fields.ProxyStatus;
import dev.masque.core.wire.CapsuleDecoder;
import dev.masque.core.wire.Capsules;
import dev.masque.core.wire.QpackDecoder;
import dev.masque.core.wire.QpackEncoder;
import dev.masque.core.wire.QpackException;
import dev.masque.core.wire.VarInt;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** What each datagram and each request passes through. */
@State(Scope.Thread)
public class Codecs {
    private static final int DATAGRAMS = 16;
    private static final int PAYLOAD = 1200;
    private static final String PATH = "/.well-known/masque/udp/host.example/443/";
    private static final List<String> STATUS =
            List.of("proxy.example; error=connection_refused; next-hop=\"192.0.2.1\"; details=\"by the target\"");

    private final ByteBuffer capsules = capsules();
    private final ByteBuffer numbers = numbers();
    private final List<Map.Entry<String, String>> head = List.of(
            Map.entry(":method", "CONNECT"),
            Map.entry(":protocol", "connect-udp"),
            Map.entry(":scheme", "https"),
            Map.entry(":authority", "proxy.example"),
            Map.entry(":path", PATH),
            Map.entry("capsule-protocol", "?1"),
            Map.entry("proxy-authorization", "Preshared c2VjcmV0c2VjcmV0c2VjcmV0"));
    private final ByteBuffer section = QpackEncoder.encode(head);
    private final QpackDecoder decoder = new QpackDecoder(16_384);
    private final Target target = Target.of("host.example", 443);

    private static ByteBuffer capsules() {
        ByteBuffer out = ByteBuffer.allocate(DATAGRAMS * (PAYLOAD + 16));
        for (int i = 0; i < DATAGRAMS; i++) {
            Capsules.writeDatagramHeader(out, PAYLOAD + 1);
            VarInt.write(out, 0);
            out.position(out.position() + PAYLOAD);
        }
        return out.flip();
    }

    private static ByteBuffer numbers() {
        ByteBuffer out = ByteBuffer.allocate(DATAGRAMS * 8);
        for (int i = 0; i < DATAGRAMS; i++) {
            VarInt.write(out, 1L << (i * 3 + 5));
        }
        return out.flip();
    }

    /** Variable-length integers of all sizes. */
    @Benchmark
    @OperationsPerInvocation(DATAGRAMS)
    public long readVarInt() {
        ByteBuffer in = numbers.duplicate();
        long sum = 0;
        while (in.hasRemaining()) {
            sum += VarInt.read(in);
        }
        return sum;
    }

    /** DATAGRAM capsules of 1200 bytes. */
    @Benchmark
    @OperationsPerInvocation(DATAGRAMS)
    public void decodeCapsule(Blackhole sink) throws MalformedException {
        new CapsuleDecoder(65_536, sink::consume).decode(capsules.duplicate());
    }

    /** A request for a UDP tunnel, as HTTP/3 sends it. */
    @Benchmark
    public ByteBuffer encodeQpack() {
        return QpackEncoder.encode(head);
    }

    /** The same, read. */
    @Benchmark
    public List<Map.Entry<String, String>> decodeQpack() throws QpackException {
        return decoder.decode(section.duplicate());
    }

    /** The target of a UDP tunnel out of its path. */
    @Benchmark
    public Optional<Target> matchTemplate() throws MalformedException {
        return UdpTemplate.DEFAULT.match(PATH);
    }

    /** The path of a UDP tunnel. */
    @Benchmark
    public String expandTemplate() {
        return UdpTemplate.DEFAULT.expand(target);
    }

    /** What a client reads of a refusal. */
    @Benchmark
    public List<ProxyStatus> parseProxyStatus() {
        return ProxyStatus.parse(STATUS);
    }
}
