package dev.masque.netty;

import dev.masque.core.MalformedException;
import dev.masque.core.MasqueException;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionInfo;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The client's side of HTTP/1.1. */
final class H1ClientSession extends H1Session {
    /** Whether a request is under way, from {@link #open} on. */
    private final AtomicBoolean busy = new AtomicBoolean();

    private boolean responseHead;
    private boolean keepAlive = true;
    private volatile boolean draining;

    H1ClientSession(DuplexChannel channel, SessionInfo info, SessionLimits limits, SessionHandler handler) {
        super(channel, info, limits, handler, false);
    }

    @Override
    public HttpStream open(RequestHead head, Function<? super HttpStream, ? extends StreamHandler> handler) {
        H1Stream stream = new H1Stream(this, head, false);
        stream.handler(handler.apply(stream));
        if (draining || isClosing() || !busy.compareAndSet(false, true)) {
            onLoop(() -> stream.fail(StreamFailure.local(ResetReason.REFUSED, null)));
            return stream;
        }
        stream.out().start(head);
        onLoop(() -> begin(stream));
        return stream;
    }

    private void begin(H1Stream stream) {
        if (stream.isOver()) {
            busy.set(false);
        } else if (isClosing() || isInputClosed() || isLingering()) {
            stream.fail(StreamFailure.local(ResetReason.REFUSED, null));
        } else {
            responseHead = false;
            current(stream);
            markDirty(stream);
        }
    }

    @Override
    public int availableStreams() {
        return draining || isClosing() || busy.get() ? 0 : 1;
    }

    @Override
    boolean awaitsHead() {
        return current() == null || !responseHead;
    }

    @Override
    void headReceived(H1Head head) throws MalformedException {
        H1Stream stream = current();
        if (stream == null || !head.first().equals("HTTP/1.1") && !head.first().equals("HTTP/1.0")) {
            throw new H1Exception(400, "a response that nobody asked for, or of another version");
        }
        int status = HeadRules.parseStatus(head.second());
        RequestHead request = stream.request();
        boolean upgraded = status == 101;
        if (upgraded) {
            if (request.protocol() == null || !head.list("upgrade").contains(HeadRules.lower(request.protocol()))) {
                throw new H1Exception(400, "an upgrade that nobody asked for");
            }
            status = 200;
        } else if (request.protocol() != null && status / 100 == 2) {
            throw new H1Exception(400, "the proxy ignores the upgrade"); // RFC 9298, 3.3
        }
        ResponseHead response = new ResponseHead(status, head.endToEnd(false));
        if (response.isInformational()) {
            stream.receivedResponse(response);
            return;
        }
        responseHead = true;
        boolean tunnel = upgraded || request.isConnect() && response.isSuccess();
        keepAlive = head.first().equals("HTTP/1.1") && !head.list("connection").contains("close") && !tunnel;
        if (tunnel) {
            stream.becomeTunnel();
            expect(H1Body.untilClose());
        } else {
            if (request.method().equals("CONNECT")) {
                stream.refuseTunnel();
            }
            expect(content(request, status, head));
        }
        if (!keepAlive) {
            draining = true;
            if (!tunnel) {
                peerDrains();
            }
        }
        stream.receivedResponse(response);
    }

    /** RFC 9112, 6.3. */
    @Nullable private H1Body content(RequestHead request, int status, H1Head head) throws H1Exception {
        if (request.method().equals("HEAD") || status == 204 || status == 304) {
            return null;
        }
        boolean framed =
                head.fields().contains("content-length") || head.fields().contains("transfer-encoding");
        if (!framed) {
            keepAlive = false;
            return H1Body.untilClose();
        }
        long length = H1Request.length(head.fields(), head.first().equals("HTTP/1.0"));
        if (length == H1Request.CHUNKED) {
            return H1Body.chunked(limits().maxFieldSectionSize());
        }
        return length == 0 ? null : H1Body.ofLength(length);
    }

    @Override
    void refuse(MalformedException problem) {
        H1Stream stream = current();
        if (stream != null) {
            stream.fail(StreamFailure.local(ResetReason.MALFORMED, problem));
        }
        close(problem);
    }

    @Override
    void messageReceived(H1Stream stream) {
        stream.receivedEnd();
    }

    @Override
    void outputFinished(H1Stream stream) {}

    @Override
    void batchRead() {}

    @Override
    boolean keepsAlive(H1Stream stream) {
        return keepAlive;
    }

    @Override
    boolean isHttp10() {
        return false;
    }

    @Override
    void finished(H1Stream stream) {
        if (!keepAlive || draining || isInputClosed()) {
            draining = true;
            later(() -> close(null));
        } else {
            busy.set(false);
            if (hasRest()) {
                close(new MasqueException("bytes after the response"));
            }
        }
    }

    @Override
    void drainNow() {
        draining = true;
        if (!busy.get()) {
            close(null);
        }
    }
}
