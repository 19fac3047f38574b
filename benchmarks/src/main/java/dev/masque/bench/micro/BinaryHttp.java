package dev.masque.bench.micro;

import dev.masque.ohttp.bhttp.BinaryHttpException;
import dev.masque.ohttp.bhttp.BinaryHttpLimits;
import dev.masque.ohttp.bhttp.BinaryRequest;
import dev.masque.ohttp.bhttp.Fields;
import dev.masque.ohttp.bhttp.Framing;
import dev.masque.ohttp.bhttp.RequestHead;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A request of 1 KiB with five fields as Binary HTTP. */
@State(Scope.Thread)
public class BinaryHttp {
    private final BinaryRequest request = BinaryRequest.of(
            new RequestHead(
                    "POST",
                    "https",
                    "target.example",
                    "/path?query=1",
                    Fields.of(
                            "accept", "application/json",
                            "content-type", "application/json",
                            "content-length", "1024",
                            "cache-control", "no-cache",
                            "accept-language", "en")),
            ByteBuffer.allocate(1024));
    private final ByteBuffer encoded = request.encode(Framing.KNOWN_LENGTH);

    /** To bytes. */
    @Benchmark
    public ByteBuffer encode() {
        return request.encode(Framing.KNOWN_LENGTH);
    }

    /** From bytes. */
    @Benchmark
    public BinaryRequest decode() throws BinaryHttpException {
        return BinaryRequest.decode(encoded.duplicate(), BinaryHttpLimits.DEFAULT);
    }
}
