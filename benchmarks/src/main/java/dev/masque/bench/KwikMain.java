package dev.masque.bench;

import dev.masque.core.tls.Identities;
import dev.masque.core.tls.TlsIdentity;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import tech.kwik.core.QuicConnection;
import tech.kwik.core.QuicStream;
import tech.kwik.core.log.NullLogger;
import tech.kwik.core.server.ApplicationProtocolConnection;
import tech.kwik.core.server.ApplicationProtocolConnectionFactory;
import tech.kwik.core.server.ServerConnectionConfig;
import tech.kwik.core.server.ServerConnector;

/**
 * Kwik alone, by its own interface, with windows as large as ours: on a stream it reads a letter, and then either sends as
 * many bytes as it is asked for ({@code d}) or counts what comes ({@code u}). Counts datagrams.
 */
final class KwikMain {
    static final String PROTOCOL = "masque-benchmark";

    private static final int CHUNK = 64 << 10;
    private static final long STREAM_WINDOW = 1 << 20;
    private static final long SESSION_WINDOW = 4 << 20;

    private KwikMain() {}

    /**
     * Runs until the input ends.
     *
     * @param arguments certificate and key in PEM
     */
    public static void main(String[] arguments) throws Exception {
        TlsIdentity identity =
                Identities.fromPem(Path.of(arguments[0]), Path.of(arguments[1])).get();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("kwik", identity.key(), new char[0], identity.chain().toArray(X509Certificate[]::new));
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ServerConnector connector = ServerConnector.builder()
                .withSocket(socket)
                .withKeyStore(store, "kwik", new char[0])
                .withConfiguration(ServerConnectionConfig.builder()
                        .maxIdleTimeoutInSeconds(300)
                        .maxConnectionBufferSize(SESSION_WINDOW)
                        .maxBidirectionalStreamBufferSize(STREAM_WINDOW)
                        .maxUnidirectionalStreamBufferSize(STREAM_WINDOW)
                        .maxOpenPeerInitiatedBidirectionalStreams(100)
                        .build())
                .withLogger(new NullLogger())
                .build();
        AtomicLong datagrams = new AtomicLong();
        connector.registerApplicationProtocol(PROTOCOL, new Counting(datagrams));
        connector.start();
        Service.run(socket.getLocalPort(), () -> Long.toString(datagrams.get()));
    }

    /**
     * Takes connections.
     *
     * @param datagrams counts those of all
     */
    private record Counting(AtomicLong datagrams) implements ApplicationProtocolConnectionFactory {
        @Override
        public ApplicationProtocolConnection createConnection(String protocol, QuicConnection connection) {
            connection.setDatagramHandler(datagram -> datagrams.incrementAndGet());
            return new ApplicationProtocolConnection() {
                @Override
                public void acceptPeerInitiatedStream(QuicStream stream) {
                    Thread thread = new Thread(() -> serve(stream), "stream");
                    thread.setDaemon(true);
                    thread.start();
                }
            };
        }

        @Override
        public boolean enableDatagramExtension() {
            return true;
        }
    }

    private static void serve(QuicStream stream) {
        try (DataInputStream in = new DataInputStream(stream.getInputStream());
                DataOutputStream out = new DataOutputStream(stream.getOutputStream())) {
            if (in.readByte() == 'd') {
                send(out, in.readLong(), moved -> {});
            } else {
                out.writeLong(count(in, moved -> {}));
            }
        } catch (IOException e) {
            System.err.println("kwik: " + e);
        }
    }

    static void send(DataOutputStream out, long bytes, LongConsumer progress) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (long left = bytes; left > 0; ) {
            int count = (int) Math.min(left, CHUNK);
            out.write(chunk, 0, count);
            left -= count;
            progress.accept(bytes - left);
        }
        out.flush();
    }

    static long count(DataInputStream in, LongConsumer progress) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long count = 0;
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            count += read;
            progress.accept(count);
        }
        return count;
    }
}
