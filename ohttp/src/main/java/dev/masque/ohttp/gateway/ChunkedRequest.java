package dev.masque.ohttp.gateway;

import dev.masque.ohttp.ChunkOpener;
import dev.masque.ohttp.ChunkedGatewayExchange;
import dev.masque.ohttp.GatewayKeys;
import dev.masque.ohttp.bhttp.BinaryDecoder;
import dev.masque.ohttp.bhttp.BinaryHttpLimits;
import dev.masque.ohttp.bhttp.Fields;
import dev.masque.ohttp.bhttp.MessageSink;
import dev.masque.ohttp.bhttp.RequestHead;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A request in chunks that is uncovered as it is read: its head, then its content. What is not read is not taken from the network,
 * save for about two chunks. That it was cut short shows as a failure to read, never as its end. For one thread at a time.
 */
final class ChunkedRequest extends InputStream {
    private static final int PIECE = 16 << 10;

    private final InputStream encapsulated;
    private final ChunkedGatewayExchange exchange;
    private final BinaryDecoder decoder;
    private final byte[] piece = new byte[PIECE];
    private final Queue<ByteBuffer> content = new ArrayDeque<>();
    private @Nullable RequestHead head;
    private boolean opened;
    private boolean complete;
    private volatile @Nullable IOException failure;

    ChunkedRequest(InputStream encapsulated, GatewayKeys keys, BinaryHttpLimits limits) {
        this.encapsulated = encapsulated;
        this.decoder = BinaryDecoder.ofRequest(new Parts(), limits);
        this.exchange = keys.openChunked(ChunkOpener.CHUNK, chunk -> {
            opened = true;
            decoder.decode(chunk);
        });
    }

    ChunkedGatewayExchange exchange() {
        return exchange;
    }

    /** Whether any of it has opened, so that whatever is wrong from now on is said inside. */
    boolean opened() {
        return opened;
    }

    /** What was wrong with it, whoever read it. */
    @Nullable IOException failure() {
        return failure;
    }

    /** The head, once it is there. */
    RequestHead head() throws IOException {
        RequestHead now = head;
        while (now == null) {
            pump();
            now = head;
        }
        return now;
    }

    /** Whether there is no content; waits for its first byte or for the end. */
    boolean isEmpty() throws IOException {
        while (content.isEmpty() && !complete) {
            pump();
        }
        return content.isEmpty();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (isEmpty()) {
            return -1;
        }
        ByteBuffer next = content.element();
        int read = Math.min(length, next.remaining());
        next.get(bytes, from, read);
        if (!next.hasRemaining()) {
            content.remove();
        }
        return read;
    }

    private void pump() throws IOException {
        IOException before = failure;
        if (before != null) {
            throw before;
        }
        try {
            int read = encapsulated.read(piece, 0, piece.length);
            if (read < 0) {
                exchange.request().end();
                decoder.end();
                complete = true;
            } else {
                exchange.request().decode(ByteBuffer.wrap(piece, 0, read));
            }
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    private final class Parts implements MessageSink<RequestHead> {
        @Override
        public void head(RequestHead decoded) {
            head = decoded;
        }

        @Override
        public void content(ByteBuffer part) {
            content.add(ByteBuffer.allocate(part.remaining()).put(part).flip());
        }

        @Override
        public void end(Fields trailers) {
            // the target's interfaces know no trailers
        }
    }
}
