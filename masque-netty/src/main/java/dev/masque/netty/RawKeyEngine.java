package dev.masque.netty;

import dev.masque.core.tls.RawKeyPin;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsProtocol;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.3 with raw public keys in the form that Netty drives: record by record, so that it is Netty's handler that keeps to
 * back-pressure, deadlines and the order of closing. Of one event loop.
 */
final class RawKeyEngine extends FixedEngine implements KnownByKey {
    private static final int HEADER = 5;
    private static final int LENGTH_AT = 3;

    /** Where a record is copied to and from. */
    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[RawKeySession.RECORD];
        }
    };

    private final TlsProtocol tls;
    private final RawKeyEnd end;
    private final SSLSession session = new RawKeySession();

    private boolean begun;
    private boolean told;
    private boolean failed;
    private boolean inputDone;
    private boolean outputClosed;

    private RawKeyEngine(TlsProtocol tls, RawKeyEnd end) {
        super(end.isClient());
        this.tls = tls;
        this.end = end;
    }

    static <T extends TlsProtocol & RawKeyEnd> RawKeyEngine of(T protocol) {
        return new RawKeyEngine(protocol, protocol);
    }

    @Override
    public void beginHandshake() throws SSLException {
        if (!begun) {
            begun = true;
            try {
                end.begin();
            } catch (IOException | RuntimeException e) {
                throw failure(e);
            }
        }
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] from, int offset, int length, ByteBuffer to) throws SSLException {
        beginHandshake();
        int taken = 0;
        if (tls.getAvailableOutputBytes() == 0 && !outputClosed && !failed && end.isEstablished()) {
            taken = seal(from, offset, length);
        }
        int sent = tls.readOutput(to, to.remaining());
        boolean over = (outputClosed || failed) && tls.getAvailableOutputBytes() == 0;
        return result(over ? Status.CLOSED : Status.OK, taken, sent);
    }

    private int seal(ByteBuffer[] from, int offset, int length) throws SSLException {
        byte[] fragment = SCRATCH.get();
        int size = 0;
        for (int i = offset; i < offset + length && size < RawKeySession.FRAGMENT; i++) {
            int part = Math.min(from[i].remaining(), RawKeySession.FRAGMENT - size);
            from[i].get(fragment, size, part);
            size += part;
        }
        try {
            tls.writeApplicationData(fragment, 0, size);
        } catch (IOException | RuntimeException e) {
            throw failure(e);
        }
        return size;
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer from, ByteBuffer[] to, int offset, int length) throws SSLException {
        beginHandshake();
        if (tls.getAvailableInputBytes() > 0) {
            return result(Status.OK, 0, deliver(to, offset, length));
        }
        if (inputDone) {
            return result(Status.CLOSED, 0, 0);
        }
        boolean established = end.isEstablished();
        if (!established && tls.getAvailableOutputBytes() > 0) {
            return result(Status.OK, 0, 0); // first what the handshake has to say
        }
        int size = recordSize(from);
        if (size < 0 || from.remaining() < size) {
            return result(Status.BUFFER_UNDERFLOW, 0, 0);
        }
        if (established && space(to, offset, length) < Math.min(size - HEADER, RawKeySession.FRAGMENT)) {
            return result(Status.BUFFER_OVERFLOW, 0, 0);
        }
        open(from, size);
        int delivered = deliver(to, offset, length);
        inputDone = end.isInputClosed();
        return result(inputDone ? Status.CLOSED : Status.OK, size, delivered);
    }

    private void open(ByteBuffer from, int size) throws SSLException {
        byte[] scratch = SCRATCH.get();
        byte[] record = size <= scratch.length ? scratch : new byte[size]; // which is then refused for its length
        from.get(record, 0, size);
        try {
            tls.offerInput(record, 0, size);
        } catch (IOException | RuntimeException e) {
            throw failure(e);
        }
    }

    /** With its header; -1 if that has not arrived. */
    private static int recordSize(ByteBuffer from) {
        int at = from.position();
        return from.remaining() < HEADER
                ? -1
                : HEADER + ((from.get(at + LENGTH_AT) & 0xff) << 8 | from.get(at + LENGTH_AT + 1) & 0xff);
    }

    private static long space(ByteBuffer[] to, int offset, int length) {
        long space = 0;
        for (int i = offset; i < offset + length; i++) {
            space += to[i].remaining();
        }
        return space;
    }

    private int deliver(ByteBuffer[] to, int offset, int length) {
        int delivered = 0;
        for (int i = offset; i < offset + length && tls.getAvailableInputBytes() > 0; i++) {
            delivered += tls.readInput(to[i], to[i].remaining());
        }
        return delivered;
    }

    private SSLEngineResult result(Status status, int consumed, int produced) {
        HandshakeStatus handshake = getHandshakeStatus();
        if (handshake == HandshakeStatus.NOT_HANDSHAKING && !told && !failed && end.isEstablished()) {
            told = true;
            handshake = HandshakeStatus.FINISHED;
        }
        return new SSLEngineResult(status, handshake, consumed, produced);
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        if (!begun) {
            return HandshakeStatus.NOT_HANDSHAKING;
        }
        if (tls.getAvailableOutputBytes() > 0) {
            return HandshakeStatus.NEED_WRAP;
        }
        return end.isEstablished() || failed || inputDone || outputClosed
                ? HandshakeStatus.NOT_HANDSHAKING
                : HandshakeStatus.NEED_UNWRAP;
    }

    /** In the words of the JDK. What the library says of the cause stays out: it may be text of the peer. */
    private SSLException failure(Exception cause) {
        failed = true;
        inputDone = true;
        SSLException failure = cause instanceof TlsFatalAlertReceived alert
                ? new SSLHandshakeException(
                        "Received fatal alert: " + AlertDescription.getName(alert.getAlertDescription()))
                : new SSLHandshakeException("TLS with raw public keys failed");
        failure.initCause(cause);
        return failure;
    }

    @Override
    public void closeInbound() throws SSLException {
        boolean cut = begun && !inputDone && !failed;
        inputDone = true;
        if (cut) {
            throw new SSLException("closing inbound before receiving peer's close_notify");
        }
    }

    @Override
    public void closeOutbound() {
        if (outputClosed) {
            return;
        }
        outputClosed = true;
        try {
            if (!begun || failed) {
                return;
            }
            if (end.isEstablished()) {
                end.closeOutput();
            } else {
                tls.close();
            }
        } catch (IOException | RuntimeException e) {
            failed = true; // what is lost is a farewell
        }
    }

    @Override
    public boolean isInboundDone() {
        return inputDone;
    }

    @Override
    public boolean isOutboundDone() {
        return (outputClosed || failed) && tls.getAvailableOutputBytes() == 0;
    }

    @Override
    public SSLSession getSession() {
        return session;
    }

    @Override
    public @Nullable String getApplicationProtocol() {
        return alpn();
    }

    @Override
    public @Nullable String alpn() {
        return end.alpn();
    }

    @Override
    public @Nullable String serverName() {
        return end.serverName();
    }

    @Override
    public @Nullable RawKeyPin peerKey() {
        return end.peerKey();
    }
}
