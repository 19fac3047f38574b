package dev.masque.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.Transport;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.tls.ClientAuthentication;
import dev.masque.core.tls.IdentitySelector;
import dev.masque.core.tls.TlsIdentity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** A server and clients on transports of their own, and what they see of each other. */
final class Loop implements AutoCloseable {
    static final TestPki PKI = new TestPki();
    static final RequestHead CONNECT = RequestHead.connect("target.example:443", HeaderFields.empty());
    static final RequestHead CONNECT_UDP = RequestHead.connectUdp(
            "localhost", "/.well-known/masque/udp/192.0.2.6/443/", HeaderFields.of("capsule-protocol", "?1"));

    final TransportProvider provider;
    final TransportProvider clientProvider;
    final HttpVersion version;
    final Transport serverTransport;
    final Transport clientTransport;
    final SessionRecorder server = new SessionRecorder();
    final SessionRecorder client = new SessionRecorder();

    SessionLimits serverLimits = SessionLimits.defaults();
    SessionLimits clientLimits = SessionLimits.defaults();
    IdentitySelector identities = IdentitySelector.always(PKI::identity);
    X509ExtendedTrustManager trust = PKI.trust();

    @Nullable ClientAuthentication clientAuthentication;

    @Nullable TlsIdentity clientIdentity;

    String serverName = "localhost";
    Duration timeout = Duration.ofSeconds(20);

    private final List<SessionRecorder> others = new ArrayList<>();

    @Nullable private Listening listening;

    Loop(TransportProvider provider, TransportProvider clientProvider, HttpVersion version) {
        this.provider = provider;
        this.clientProvider = clientProvider;
        this.version = version;
        serverTransport = provider.create();
        clientTransport = clientProvider.create();
    }

    static void await(String what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + Recorder.PATIENCE_NANOS;
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(2_000_000);
        }
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(Recorder.PATIENCE_NANOS, TimeUnit.NANOSECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static Throwable awaitFailure(CompletionStage<?> stage) {
        try {
            Object result = stage.toCompletableFuture().get(Recorder.PATIENCE_NANOS, TimeUnit.NANOSECONDS);
            throw new AssertionError("no failure but " + result);
        } catch (java.util.concurrent.ExecutionException e) {
            return e.getCause() == null ? e : e.getCause();
        } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    ListenOptions listenOptions(int port) {
        return new ListenOptions(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                Set.of(version),
                name -> identities.select(name),
                clientAuthentication,
                serverLimits);
    }

    Listening listening() {
        Listening known = listening;
        if (known == null) {
            known = await(serverTransport.listen(listenOptions(0), server));
            listening = known;
        }
        return known;
    }

    ConnectOptions options() {
        return options(listening().address());
    }

    ConnectOptions options(InetSocketAddress address) {
        return new ConnectOptions(address, serverName, List.of(version), trust, clientIdentity, timeout, clientLimits);
    }

    HttpSession connect() {
        return connect(client);
    }

    HttpSession connect(SessionHandler handler) {
        return await(clientTransport.connect(options(), handler));
    }

    /** Another recorder for clients, also checked at the end. */
    SessionRecorder newClient() {
        SessionRecorder made = new SessionRecorder();
        others.add(made);
        return made;
    }

    Side open(HttpSession session, RequestHead head) {
        return open(session, head, new Recorder());
    }

    Side open(HttpSession session, RequestHead head, Recorder events) {
        HttpStream stream = session.open(head, made -> events);
        return client.add(new Side(stream, events));
    }

    /** A request whose server has not answered; both ends are paused. */
    Tunnel asked(HttpSession session, RequestHead head) {
        Side client = open(session, head);
        return new Tunnel(client, server.next());
    }

    /** A tunnel that stands, both ends paused. */
    Tunnel tunnel(HttpSession session, RequestHead head) {
        return tunnel(session, head, new Recorder());
    }

    Tunnel tunnel(HttpSession session, RequestHead head, Recorder events) {
        Side client = open(session, head, events);
        Tunnel tunnel = new Tunnel(client, server.next());
        tunnel.server().respond(200);
        assertThat(events.awaitResponse().status()).isEqualTo(200);
        return tunnel;
    }

    /** A tunnel on a session of its own, both ends paused. */
    Tunnel tunnel() {
        return tunnel(connect(), CONNECT);
    }

    Tunnel datagramTunnel() {
        return tunnel(connect(), CONNECT_UDP);
    }

    /** Closes and says what must never happen but did. */
    @Override
    public void close() {
        clientTransport.close();
        serverTransport.close();
        assertThat(client.violations()).isEmpty();
        assertThat(server.violations()).isEmpty();
        others.forEach(other -> assertThat(other.violations()).isEmpty());
    }
}
