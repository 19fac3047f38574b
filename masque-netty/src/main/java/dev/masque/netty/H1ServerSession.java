package dev.masque.netty;

import dev.masque.core.MalformedException;
import dev.masque.core.MasqueException;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionInfo;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import io.netty.channel.socket.DuplexChannel;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The server's side of HTTP/1.1. */
final class H1ServerSession extends H1Session {
    private boolean draining;
    private boolean http10;
    private boolean keepAlive = true;
    private int heads;

    /** The head, counted from one, whose time is running; 0 if none. */
    private int timedHead;

    H1ServerSession(DuplexChannel channel, SessionInfo info, SessionLimits limits, SessionHandler handler) {
        super(channel, info, limits, handler, true);
    }

    @Override
    void start() {
        super.start();
        timeHead();
    }

    @Override
    public HttpStream open(RequestHead head, Function<? super HttpStream, ? extends StreamHandler> handler) {
        throw new IllegalStateException("only a client opens streams");
    }

    @Override
    public int availableStreams() {
        return 0;
    }

    /** A head has to be complete in time, from its first byte; the first one from the handshake. */
    private void timeHead() {
        int awaited = heads + 1;
        timedHead = awaited;
        schedule(
                () -> {
                    if (heads < awaited) {
                        close(new MasqueException("no request in time"));
                    }
                },
                limits().handshakeTimeout().toNanos());
    }

    @Override
    void batchRead() {
        if (hasRest() && awaitsHead() && timedHead != heads + 1) {
            timeHead();
        }
    }

    @Override
    boolean awaitsHead() {
        return current() == null && !isInputClosed();
    }

    @Override
    void headReceived(H1Head head) throws MalformedException {
        heads++;
        H1Request request = H1Request.of(head);
        http10 = request.http10();
        boolean tunnel = request.head().method().equals("CONNECT");
        keepAlive = request.keepAlive();
        if (tunnel) {
            expect(H1Body.untilClose()); // also before the answer: these bytes can be nothing else
        } else if (request.length() == H1Request.CHUNKED) {
            expect(H1Body.chunked(limits().maxFieldSectionSize()));
        } else {
            expect(request.length() == 0 ? null : H1Body.ofLength(request.length()));
        }
        H1Stream stream = new H1Stream(this, request.head(), request.expectsContinue() && request.length() != 0);
        current(stream);
        try {
            stream.handler(handler().request(stream));
        } catch (RuntimeException e) {
            complain(e);
            stream.reset(ResetReason.INTERNAL_ERROR);
        }
    }

    @Override
    void refuse(MalformedException problem) {
        H1Stream stream = current();
        if (stream != null) {
            stream.drainOut();
            stream.fail(StreamFailure.local(ResetReason.MALFORMED, problem));
        }
        blame(problem);
        if (stream == null || !stream.hasResponded()) {
            int status = problem instanceof H1Exception known ? known.status() : 400;
            write(H1Writer.response(
                    allocator(), status, HeaderFields.empty(), "connection: close\r\ncontent-length: 0\r\n", true));
        }
        closeSoon();
    }

    @Override
    void messageReceived(H1Stream stream) {
        stream.receivedEnd();
    }

    @Override
    boolean keepsAlive(H1Stream stream) {
        // a refused tunnel: what the client sent for it must not be taken for a request
        boolean tunnel = stream.request().method().equals("CONNECT");
        keepAlive &= !tunnel && !draining && !stream.leavesClientWaiting() && !isInputClosed();
        return keepAlive;
    }

    @Override
    void outputFinished(H1Stream stream) {
        if (stream.request().method().equals("CONNECT") && !stream.isTunnel()) {
            stream.discardInput();
            stream.receivedEnd();
        }
    }

    @Override
    void finished(H1Stream stream) {
        if (stream.isTunnel() && isInputClosed()) {
            later(() -> close(null));
        } else if (!keepAlive || draining || stream.isTunnel()) {
            closeSoon();
        } else {
            later(() -> {
                processRest();
                batchRead();
                updateReading();
            });
        }
    }

    @Override
    boolean isHttp10() {
        return http10;
    }

    @Override
    void drainNow() {
        draining = true;
        @Nullable H1Stream stream = current();
        if (stream == null && !isLingering()) {
            close(null);
        }
    }
}
