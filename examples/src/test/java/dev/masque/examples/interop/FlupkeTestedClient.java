package dev.masque.examples.interop;

import dev.masque.core.wire.VarInt;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import tech.kwik.flupke.Http3Client;
import tech.kwik.flupke.Http3ClientBuilder;
import tech.kwik.flupke.Http3ClientConnection;
import tech.kwik.flupke.HttpStream;

/** flupke's client: CONNECT, and CONNECT-UDP with capsules, since it knows no datagrams. */
final class FlupkeTestedClient implements TestedClient {
    private static final long REQUEST_CANCELLED = 0x10c;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Plain kwik leaves a write unsent for ever now and then, until there is another. */
    private static final Duration NUDGES = Duration.ofMillis(20);

    /** A nudge by another request. */
    private static final Duration REQUESTS = Duration.ofMillis(500);

    /** Less than what a write waits for. */
    private static final int PIECE = 10_000;

    private final String proxy;
    private final Http3ClientConnection connection;

    FlupkeTestedClient(int port, TestAuthority authority) throws Exception {
        proxy = "https://localhost:" + port;
        Http3Client client = (Http3Client) new Http3ClientBuilder()
                .trustManager(trust(authority))
                .connectTimeout(PATIENCE)
                .build();
        connection = connect(client);
    }

    /** Again if it takes too long: what is left unsent is a part of the handshake now and then. */
    private Http3ClientConnection connect(Http3Client client) throws Exception {
        for (int attempt = 1; ; attempt++) {
            Http3ClientConnection made = client.createConnection(request(proxy));
            try {
                made.connect();
                return made;
            } catch (ConnectException e) {
                if (attempt == 3) {
                    throw e;
                }
            }
        }
    }

    static X509TrustManager trust(TestAuthority authority) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(Path.of(authority.authority()))) {
            store.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }

    private static HttpRequest request(String uri) {
        return HttpRequest.newBuilder(URI.create(uri))
                .header("proxy-authorization", "Preshared " + OurProxy.KEY)
                .header("capsule-protocol", "?1")
                .build();
    }

    private HttpStream tunnel(String target) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://" + target))
                .header("proxy-authorization", "Preshared " + OurProxy.KEY)
                .build();
        CompletableFuture<HttpStream> opening = new CompletableFuture<>();
        ThroughPeer.inBackground(() -> {
            try {
                opening.complete(connection.sendConnect(request));
            } catch (Exception e) {
                opening.completeExceptionally(e);
            }
        });
        for (long waited = 0; ; waited += REQUESTS.toMillis()) {
            try {
                return opening.get(REQUESTS.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException unsent) {
                if (waited > PATIENCE.toMillis()) {
                    throw unsent;
                }
                ThroughPeer.inBackground(() -> connection.send(request(proxy + "/"), BodyHandlers.discarding()));
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException cause ? cause : e;
            }
        }
    }

    /** What comes on a stream, read on a thread of its own, and writing that does not wait for ever. */
    private static final class Conversation {
        private final HttpStream stream;
        private final ByteArrayOutputStream come = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> all = new CompletableFuture<>();

        Conversation(HttpStream stream) {
            this.stream = stream;
            ThroughPeer.inBackground(this::read);
        }

        private void read() {
            byte[] some = new byte[PIECE];
            try {
                for (int count = 0; count >= 0; count = stream.getInputStream().read(some)) {
                    synchronized (come) {
                        come.write(some, 0, count);
                        come.notifyAll();
                    }
                }
                all.complete(come.toByteArray());
            } catch (IOException e) {
                all.completeExceptionally(e);
            }
        }

        /** Writes a piece and waits until so many bytes have come. */
        void exchange(byte[] bytes, int from, int length) throws Exception {
            stream.getOutputStream().write(bytes, from, length);
            synchronized (come) {
                while (come.size() < from + length && !all.isDone()) {
                    come.wait(NUDGES.toMillis());
                    stream.getOutputStream().write(new byte[0]);
                }
            }
        }

        byte[] come() {
            synchronized (come) {
                return come.toByteArray();
            }
        }
    }

    /** Without ends: plain kwik leaves that of a stream unsent, for which there is no nudge. */
    @Override
    public byte[] echo(String target, byte[] bytes, Runnable amid) throws Exception {
        Conversation conversation = new Conversation(tunnel(target));
        amid.run();
        for (int from = 0; from < bytes.length; from += PIECE) {
            conversation.exchange(bytes, from, Math.min(PIECE, bytes.length - from));
        }
        return conversation.come();
    }

    @Override
    public int datagrams(String target, int count, int size) throws Exception {
        HttpRequest request = request(proxy + "/.well-known/masque/udp/" + target.replace(':', '/') + "/");
        HttpStream stream = connection.sendExtendedConnect(request, "connect-udp", "https", PATIENCE);
        BlockingQueue<ByteBuffer> answers = new LinkedBlockingQueue<>();
        ThroughPeer.inBackground(() -> read(stream, answers));
        return Bursts.exchange(
                count,
                size,
                payload -> stream.getOutputStream().write(capsule(payload)),
                patience -> receive(stream, answers, patience));
    }

    private static Optional<ByteBuffer> receive(HttpStream stream, BlockingQueue<ByteBuffer> answers, Duration patience)
            throws Exception {
        ByteBuffer answer = null;
        for (long waited = 0; answer == null && waited < patience.toMillis(); waited += NUDGES.toMillis()) {
            answer = answers.poll(NUDGES.toMillis(), TimeUnit.MILLISECONDS);
            if (answer == null) {
                stream.getOutputStream().write(new byte[0]);
            }
        }
        return Optional.ofNullable(answer);
    }

    /** A DATAGRAM capsule with context id 0 (RFC 9297, 3.5). */
    private static byte[] capsule(ByteBuffer payload) {
        ByteBuffer capsule = ByteBuffer.allocate(16 + payload.remaining());
        VarInt.write(capsule, 0);
        VarInt.write(capsule, 1L + payload.remaining());
        VarInt.write(capsule, 0);
        capsule.put(payload.duplicate()).flip();
        byte[] bytes = new byte[capsule.remaining()];
        capsule.get(bytes);
        return bytes;
    }

    private static void read(HttpStream stream, BlockingQueue<ByteBuffer> answers) throws IOException {
        InputStream in = stream.getInputStream();
        try {
            while (true) {
                long type = varint(in);
                byte[] value = in.readNBytes((int) varint(in));
                if (type == 0) {
                    answers.add(ByteBuffer.wrap(value, 1, value.length - 1).slice());
                }
            }
        } catch (EOFException over) {
            // the tunnel ended
        }
    }

    private static long varint(InputStream in) throws IOException {
        byte[] first = in.readNBytes(1); // flupke's read() of one byte gives negative numbers
        if (first.length == 0) {
            throw new EOFException();
        }
        byte[] more = in.readNBytes((1 << ((first[0] & 0xff) >> 6)) - 1);
        return VarInt.read(
                ByteBuffer.allocate(1 + more.length).put(first).put(more).flip());
    }

    @Override
    public void reset(String target, Runnable afterwards) throws Exception {
        HttpStream stream = tunnel(target);
        new Conversation(stream).exchange(new byte[1], 0, 1);
        stream.resetStream(REQUEST_CANCELLED);
        stream.abortReading(REQUEST_CANCELLED);
        afterwards.run();
    }

    @Override
    public boolean isReset(String target) throws Exception {
        Conversation conversation;
        try {
            conversation = new Conversation(tunnel(target));
            conversation.exchange(new byte[1], 0, 1);
        } catch (IOException reset) { // which may overtake the answer
            return true;
        }
        return conversation.all.handle((bytes, reset) -> reset != null).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {}
}
