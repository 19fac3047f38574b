package dev.masque.server;

import dev.masque.core.Bytes;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.contract.Recorder;
import dev.masque.core.fields.ProxyStatus;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamFailure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request of a test, and what has come back. */
final class ClientStream {
    private final Recorder events = new Recorder();
    private final HttpStream stream;

    ClientStream(HttpSession session, RequestHead head) {
        stream = session.open(head, any -> events);
    }

    RequestHead request() {
        return stream.request();
    }

    boolean isAnswered() {
        return events.isAnswered();
    }

    ResponseHead response() {
        if (!isAnswered()) {
            throw new AssertionError("no response yet");
        }
        return events.awaitResponse();
    }

    List<ResponseHead> informational() {
        return events.informational();
    }

    int status() {
        return response().status();
    }

    String field(String name) {
        return String.valueOf(response().fields().first(name));
    }

    ProxyStatus proxyStatus() {
        return ProxyStatus.parse(response().fields().all("proxy-status")).get(0);
    }

    ProxyErrorType error() {
        return proxyStatus().error().orElseThrow();
    }

    String text() {
        return new String(events.awaitBytes(0), StandardCharsets.UTF_8);
    }

    int received() {
        return events.count();
    }

    /** In how many batches bytes and datagrams came. */
    int batches() {
        return events.batches();
    }

    List<Bytes> datagrams() {
        return events.datagrams().stream().map(Bytes::copyOf).toList();
    }

    /** The proxy has ended its direction, and all of it has been read. */
    boolean isEnded() {
        return events.isEnded();
    }

    /** How the stream failed; null if it has not, or not yet. */
    @Nullable ResetReason failure() {
        StreamFailure failure = events.isClosed() ? events.awaitClosed() : null;
        return failure == null ? null : failure.reason();
    }

    boolean isWritable() {
        return stream.isWritable();
    }

    void send(String text) {
        stream.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        stream.flush();
    }

    /** Sends for as long as the proxy takes it; gives how many bytes that were. */
    int sendUntilStopped() {
        return Filling.fill(stream);
    }

    void sendDatagram(int... payload) {
        ByteBuffer bytes = ByteBuffer.allocate(payload.length);
        for (int value : payload) {
            bytes.put((byte) value);
        }
        sendDatagram(bytes.flip());
    }

    void sendDatagram(ByteBuffer payload) {
        stream.sendDatagram(payload);
        stream.flush();
    }

    void end() {
        stream.end();
    }

    void reset(ResetReason reason) {
        stream.reset(reason);
    }

    void pause() {
        stream.pause();
    }

    ClientStream resume() {
        stream.resume();
        return this;
    }
}
