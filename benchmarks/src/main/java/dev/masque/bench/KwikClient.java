package dev.masque.bench;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import tech.kwik.core.QuicClientConnection;
import tech.kwik.core.QuicStream;
import tech.kwik.core.log.NullLogger;

/** Kwik alone, by its own interface: the client of {@link KwikMain}. For one thread. */
final class KwikClient implements AutoCloseable {
    private static final long WINDOW = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Child server;
    private final Identity identity;
    private final Executor threads = task -> {
        Thread thread = new Thread(task, "kwik-client");
        thread.setDaemon(true);
        thread.start();
    };
    private QuicClientConnection connection;
    private volatile long progress;

    KwikClient(Child server, Identity identity) throws IOException {
        this.server = server;
        this.identity = identity;
        this.connection = connect();
    }

    private QuicClientConnection connect() throws IOException {
        QuicClientConnection made = QuicClientConnection.newBuilder()
                .uri(URI.create("//localhost:" + server.port()))
                .preferIPv4()
                .applicationProtocol(KwikMain.PROTOCOL)
                .customTrustManager(identity.trust())
                .defaultStreamReceiveBufferSize(WINDOW)
                .maxIdleTimeout(Duration.ofMinutes(5))
                .enableDatagramExtension()
                .logger(new NullLogger())
                .build();
        made.connect();
        return made;
    }

    /** A transfer that hangs, as kwik's sometimes do, is given up, and its connection with it. */
    void reconnect() throws IOException {
        connection.close();
        connection = connect();
    }

    /** MiB/s of so many bytes from the server. */
    double download(long bytes) throws IOException {
        return rate(bytes, stream -> {
            DataOutputStream out = new DataOutputStream(stream.getOutputStream());
            out.writeByte('d');
            out.writeLong(bytes);
            out.close();
            return KwikMain.count(new DataInputStream(stream.getInputStream()), this::moved);
        });
    }

    /** MiB/s of so many bytes to the server. */
    double upload(long bytes) throws IOException {
        return rate(bytes, stream -> {
            DataOutputStream out = new DataOutputStream(stream.getOutputStream());
            out.writeByte('u');
            KwikMain.send(out, bytes, this::moved);
            out.close();
            return new DataInputStream(stream.getInputStream()).readLong();
        });
    }

    private void moved(long bytes) {
        progress = bytes;
    }

    private interface Transfer {
        long over(QuicStream stream) throws IOException;
    }

    private double rate(long bytes, Transfer transfer) throws IOException {
        long began = System.nanoTime();
        CompletableFuture<Long> done = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                done.complete(transfer.over(connection.createStream(true)));
            } catch (IOException | RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        long seen = -1;
        for (long lastMove = began; !done.isDone(); Programs.pause(Duration.ofMillis(1))) {
            if (seen != progress) {
                seen = progress;
                lastMove = System.nanoTime();
            } else if (System.nanoTime() - lastMove > PATIENCE.toNanos()) {
                throw new IOException("kwik alone hangs after " + seen + " bytes");
            }
        }
        return Bulk.rate(bytes, ProxyClient.await(done), began);
    }

    /** Hands a datagram to kwik, which keeps it until it can send it. */
    void send(byte[] datagram) {
        connection.sendDatagram(datagram);
    }

    /** How many datagrams the server has had. */
    long delivered() throws IOException {
        return Long.parseLong(server.ask("count")[0]);
    }

    @Override
    public void close() {
        connection.close();
    }
}
