package dev.masque.netty;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import io.netty.buffer.ByteBuf;

/** The request that is under way on an HTTP/1.1 connection. */
final class H1Stream extends NettyStream {
    private enum Framing {
        NOTHING,
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private final H1Session session;

    /** Whether the client of this request waits for a 100. */
    private final boolean expectsContinue;

    private Framing framing = Framing.NOTHING;
    private long left;
    private boolean firstChunk = true;
    private boolean outputDone;

    /** On a client: the request has left, and what follows waits for its answer. */
    private boolean waitsForTunnel;

    private boolean endsAtOnce;
    private boolean continued;
    private volatile boolean tunnel;

    H1Stream(H1Session session, RequestHead request, boolean expectsContinue) {
        super(session, request);
        this.session = session;
        this.expectsContinue = expectsContinue;
    }

    boolean isOutputDone() {
        return outputDone;
    }

    boolean isTunnel() {
        return tunnel;
    }

    /** The tunnel stands: from here everything is its bytes. */
    void becomeTunnel() {
        framing = Framing.UNTIL_CLOSE;
        tunnel = true;
        stopWaiting();
    }

    /** The tunnel was refused: there is nothing to send on it, and the request is complete. */
    void refuseTunnel() {
        framing = Framing.NOTHING;
        outputDone = true;
        stopWaiting();
    }

    private void stopWaiting() {
        if (waitsForTunnel) {
            waitsForTunnel = false;
            if (endsAtOnce) {
                sendEnd();
            }
            session.markDirty(this);
        }
    }

    @Override
    boolean maySend() {
        return !waitsForTunnel;
    }

    /** Whether the client was left waiting for a 100: nobody knows what it sends next. */
    boolean leavesClientWaiting() {
        return expectsContinue && !continued && !isInputEnded();
    }

    @Override
    void sendHead(Object head, boolean end) {
        if (head instanceof RequestHead request) {
            session.write(H1Writer.request(session.allocator(), request, requestFraming(request, end)));
            if (waitsForTunnel) {
                endsAtOnce = end;
            } else if (end) {
                sendEnd();
            }
        } else if (head instanceof ResponseHead response) {
            sendResponse(response, end);
        }
    }

    private String requestFraming(RequestHead request, boolean end) {
        if (request.isConnect() || request.protocol() != null) {
            waitsForTunnel = true;
            return "";
        }
        long length = H1Writer.declaredLength(request.fields());
        if (length >= 0) {
            framing = Framing.LENGTH;
            left = length;
            return "";
        }
        boolean content = switch (request.method()) {
            case "GET", "HEAD", "DELETE", "OPTIONS", "TRACE" -> false;
            default -> true;
        };
        if (end || !content) {
            return content ? "content-length: 0\r\n" : "";
        }
        framing = Framing.CHUNKED;
        return "transfer-encoding: chunked\r\n";
    }

    private void sendResponse(ResponseHead head, boolean end) {
        int status = head.status();
        if (head.isInformational()) {
            if (status != 101 && !session.isHttp10()) {
                continued |= status == 100;
                session.write(H1Writer.response(session.allocator(), status, head.fields(), "", true));
            }
            return;
        }
        boolean tunnelRequest = request().method().equals("CONNECT");
        if (tunnelRequest && head.isSuccess()) {
            boolean upgrade = request().protocol() != null;
            String lines =
                    upgrade ? "connection: upgrade\r\nupgrade: " + request().protocol() + "\r\n" : "";
            becomeTunnel();
            session.write(H1Writer.response(session.allocator(), upgrade ? 101 : status, head.fields(), lines, true));
        } else {
            session.write(H1Writer.response(
                    session.allocator(), status, head.fields(), responseFraming(status, head.fields(), end), false));
        }
        if (end) {
            sendEnd();
        }
    }

    private String responseFraming(int status, HeaderFields fields, boolean end) {
        String connection = session.keepsAlive(this) ? "" : "connection: close\r\n";
        long length = H1Writer.declaredLength(fields);
        if (request().method().equals("HEAD") || status == 204 || status == 304) {
            framing = Framing.NOTHING;
        } else if (length >= 0) {
            framing = Framing.LENGTH;
            left = length;
        } else if (end) {
            return connection + "content-length: 0\r\n";
        } else if (session.isHttp10()) {
            framing = Framing.UNTIL_CLOSE;
        } else {
            framing = Framing.CHUNKED;
            return connection + "transfer-encoding: chunked\r\n";
        }
        return connection;
    }

    @Override
    void sendData(ByteBuf data, boolean end) {
        int bytes = data.readableBytes();
        int capacity = data.capacity();
        boolean drop = outputDone || framing == Framing.NOTHING;
        if (framing == Framing.LENGTH) {
            left -= bytes;
            if (left < 0) {
                data.release();
                sent(capacity);
                session.abort();
                return;
            }
        }
        if (drop) {
            data.release();
            sent(capacity);
        } else {
            if (framing == Framing.CHUNKED) {
                session.write(H1Writer.chunk(session.allocator(), bytes, firstChunk));
                firstChunk = false;
            }
            session.write(data, new SentPromise(session.channel(), this, capacity));
        }
        if (end) {
            sendEnd();
        }
    }

    @Override
    void sendEnd() {
        if (outputDone) {
            return;
        }
        if (framing == Framing.LENGTH && left > 0) {
            session.abort(); // the peer must not take this for the whole
            return;
        }
        if (framing == Framing.CHUNKED) {
            session.write(H1Writer.lastChunk(session.allocator(), firstChunk));
        }
        finishOutput();
    }

    private void finishOutput() {
        outputDone = true;
        if (framing == Framing.UNTIL_CLOSE) {
            session.endOutput();
        }
        session.outputFinished(this);
        session.finishIfDone(this);
    }

    @Override
    void sendReset(ResetReason reason) {
        if (reason == ResetReason.NO_ERROR) {
            session.closeSoon();
        } else {
            session.abort();
        }
    }

    @Override
    void consumed(int bytes) {
        session.updateReading();
    }

    @Override
    void pauseChanged() {
        if (!isPaused() && expectsContinue && !continued && !hasResponded() && !isOver()) {
            continued = true;
            out().head(new ResponseHead(100, HeaderFields.empty()));
            flush();
        }
        session.updateReading();
    }

    @Override
    void inputDelivered() {
        session.finishIfDone(this);
    }

    @Override
    boolean takesDatagrams() {
        return tunnel || session.isServer() && hasResponded();
    }
}
