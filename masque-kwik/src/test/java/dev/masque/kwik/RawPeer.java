package dev.masque.kwik;

import dev.masque.core.http3.H3;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tech.kwik.core.ConnectionListener;
import tech.kwik.core.ConnectionTerminatedEvent;
import tech.kwik.core.QuicConnection;
import tech.kwik.core.QuicStream;

/** One end of a QUIC connection of plain kwik, on which a test writes HTTP/3 by hand. */
class RawPeer implements ConnectionListener, PacketWatch.Listener {
    final PacketWatch watch;
    final BlockingQueue<QuicStream> accepted = new LinkedBlockingQueue<>();
    final BlockingQueue<byte[]> datagrams = new LinkedBlockingQueue<>();
    private final CompletableFuture<Long> closed = new CompletableFuture<>();
    private final Map<Integer, CompletableFuture<Long>> resets = new ConcurrentHashMap<>();
    private final Map<Integer, CompletableFuture<Long>> stops = new ConcurrentHashMap<>();

    final QuicConnection quic;

    RawPeer(QuicConnection connection, PacketWatch watch) {
        this.quic = connection;
        this.watch = watch;
    }

    /** Begins to listen. */
    final void attach() {
        QuicConnection connection = quic;
        watch.listener(this);
        connection.setConnectionListener(this);
        connection.setPeerInitiatedStreamCallback(accepted::add);
        connection.setDatagramHandler(datagrams::add, new DirectExecutor());
    }

    @Override
    public void disconnected(ConnectionTerminatedEvent event) {
        Long application = event.applicationErrorCode();
        closed.complete(application == null ? -1L : application);
    }

    @Override
    public void resetSeen(int stream, long code) {
        reset(stream).complete(code);
    }

    @Override
    public void stopSendingSeen(int stream, long code) {
        stop(stream).complete(code);
    }

    @Override
    public void aborted(Throwable cause) {
        closed.completeExceptionally(cause);
    }

    /** The code with which the peer closes the connection. */
    long closedWith() throws Exception {
        return closed.get(10, TimeUnit.SECONDS);
    }

    boolean isClosed() {
        return closed.isDone();
    }

    /** The code with which the peer resets a stream. */
    long resetWith(QuicStream stream) throws Exception {
        return reset(stream.getStreamId()).get(10, TimeUnit.SECONDS);
    }

    /** The code with which the peer asks to stop. */
    long stoppedWith(QuicStream stream) throws Exception {
        return stop(stream.getStreamId()).get(10, TimeUnit.SECONDS);
    }

    private CompletableFuture<Long> reset(int stream) {
        return resets.computeIfAbsent(stream, id -> new CompletableFuture<>());
    }

    private CompletableFuture<Long> stop(int stream) {
        return stops.computeIfAbsent(stream, id -> new CompletableFuture<>());
    }

    QuicStream uni(byte[]... bytes) throws IOException {
        return write(quic.createStream(false), bytes);
    }

    /** A control stream with the first frames. */
    QuicStream control(byte[]... frames) throws IOException {
        return uni(Wire.varint(H3.CONTROL_STREAM), Wire.join(frames));
    }

    QuicStream request(byte[]... frames) throws IOException {
        return write(quic.createStream(true), frames);
    }

    QuicStream write(QuicStream stream, byte[]... bytes) throws IOException {
        byte[] all = Wire.join(bytes);
        if (all.length > 0) {
            StallGuard.Watch guard = StallGuard.shared().watch(quic, stream);
            guard.touch();
            stream.getOutputStream().write(all);
            guard.touch();
        }
        return stream;
    }

    QuicStream end(QuicStream stream) throws IOException {
        stream.getOutputStream().close();
        StallGuard.shared().watch(quic, stream).touch();
        return stream;
    }

    /** The first bytes that come, less if the stream ends before. */
    static byte[] read(QuicStream stream, int length) throws Exception {
        return readUntil(stream, bytes -> bytes.size() >= length).toByteArray();
    }

    /** All that comes. */
    static String readAll(QuicStream stream) throws Exception {
        return readUntil(stream, bytes -> false).toString(StandardCharsets.ISO_8859_1);
    }

    /** What comes up to a text. */
    static String readTo(QuicStream stream, String text) throws Exception {
        Predicate<ByteArrayOutputStream> found =
                bytes -> bytes.toString(StandardCharsets.ISO_8859_1).endsWith(text);
        return readUntil(stream, found).toString(StandardCharsets.ISO_8859_1);
    }

    private static ByteArrayOutputStream readUntil(QuicStream stream, Predicate<ByteArrayOutputStream> enough)
            throws Exception {
        CompletableFuture<ByteArrayOutputStream> bytes = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> { // kwik's reads have no time-out
                    ByteArrayOutputStream all = new ByteArrayOutputStream();
                    InputStream in = new LastBytes(stream);
                    try {
                        for (int one = 0; one >= 0 && !enough.test(all); ) {
                            one = in.read();
                            if (one >= 0) {
                                all.write(one);
                            }
                        }
                        bytes.complete(all);
                    } catch (IOException e) {
                        bytes.completeExceptionally(e);
                    }
                });
        reader.setDaemon(true);
        reader.start();
        return bytes.get(10, TimeUnit.SECONDS);
    }
}
