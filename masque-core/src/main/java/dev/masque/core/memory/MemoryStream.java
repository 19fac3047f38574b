package dev.masque.core.memory;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import java.nio.ByteBuffer;

/** One end of a request. */
final class MemoryStream extends MemoryByteStream implements HttpStream {
    private final MemorySession session;
    private final RequestHead request;
    private boolean headReceived;
    private boolean accepted;
    private volatile boolean responded;
    private boolean reserved;

    MemoryStream(MemorySession session, RequestHead request) {
        super(session.executor(), session.window(), session.isServer());
        this.session = session;
        this.request = request;
    }

    /** Makes both ends, on the client. */
    static MemoryStream open(MemorySession client, RequestHead request) {
        MemoryStream stream = new MemoryStream(client, request);
        MemorySession server = client.peer();
        stream.pair(
                new MemoryStream(server, request),
                server.limits().streamWindow(),
                client.limits().streamWindow());
        return stream;
    }

    /** Counts against the peer's limit until its end. */
    void reserved() {
        reserved = true;
    }

    /** The server's end has been seen by its handler. */
    void accepted() {
        accepted = true;
        headReceived = true;
    }

    @Override
    public RequestHead request() {
        return request;
    }

    @Override
    public MemorySession session() {
        return session;
    }

    @Override
    public boolean write(ByteBuffer data) {
        if (request.usesCapsules()) {
            data.position(data.limit());
            return isWritable();
        }
        return super.write(data);
    }

    @Override
    public void respond(ResponseHead head) {
        if (!session.isServer()) {
            throw new IllegalStateException("only a server responds");
        }
        synchronized (this) {
            if (responded) {
                throw new IllegalStateException("a final response was sent");
            }
            responded = !head.isInformational();
        }
        out().head(head);
        flush();
    }

    @Override
    public boolean sendDatagram(ByteBuffer payload) {
        if (payload.remaining() > maxDatagramSize() || !out().isOpen()) {
            return false;
        }
        session.datagramsOut()
                .add(this, ByteBuffer.allocate(payload.remaining()).put(payload).flip());
        return true;
    }

    @Override
    public int maxDatagramSize() {
        return request.usesCapsules() && (responded || !session.isServer()) ? session.maxDatagramSize() : 0;
    }

    @Override
    void receivedHead(Object head) {
        if (head instanceof RequestHead) {
            session.accept(this);
        } else if (head instanceof ResponseHead response && !isOver()) {
            if (HeadSize.of(response) > session.limits().maxFieldSectionSize()) {
                resetNow(ResetReason.EXCESSIVE_LOAD, null);
                return;
            }
            headReceived = !response.isInformational();
            if (headReceived && request.usesCapsules() && !response.isSuccess()) {
                discardInput();
            }
            guarded(to -> ((StreamHandler) to).response(response));
        }
    }

    /** A datagram arrived; true if the stream is there. */
    boolean receivedDatagram(ByteBuffer payload) {
        if (session.isServer() && !accepted || isInputEnded() || isOver()) {
            return false;
        }
        touch();
        guarded(to -> ((StreamHandler) to).datagram(payload));
        return true;
    }

    @Override
    boolean expectsData() {
        return headReceived;
    }

    @Override
    void beforeEnd() {
        session.sendDatagrams();
    }

    @Override
    void drained() {
        session.sendDatagrams();
    }

    @Override
    void wireClosed() {
        if (reserved) {
            reserved = false;
            session.release();
        }
    }

    @Override
    void finished() {
        session.datagramsOut().remove(this);
    }

    @Override
    void ended() {
        session.ended(this);
    }

    /** The server never looked at the request. */
    void refused() {
        fail(new StreamFailure(ResetReason.REFUSED, -1, true, null));
    }

    @Override
    long code(ResetReason reason) {
        return isHttp3() ? reason.http3Code() : reason.http2Code();
    }

    @Override
    ResetReason seenAs(ResetReason reason) {
        return isHttp3() ? ResetReason.ofHttp3(reason.http3Code()) : ResetReason.ofHttp2(reason.http2Code());
    }

    private boolean isHttp3() {
        return session.info().version() == HttpVersion.HTTP_3;
    }
}
