package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.ClientCertificateException;
import dev.masque.core.HttpVersion;
import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamHandler;
import dev.masque.core.spi.Transport;
import dev.masque.core.tls.ClientAuthentication;
import dev.masque.core.tls.IdentitySelector;
import dev.masque.core.tls.PeerTrust;
import dev.masque.core.tls.RawKey;
import dev.masque.core.tls.RawKeyClient;
import dev.masque.core.tls.RawKeyPin;
import dev.masque.core.tls.RawKeyPins;
import dev.masque.core.tls.RawKeyServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is let in, and who is trusted, by raw public keys. */
@Timeout(120)
class RawKeyIT {
    private static final RawKey SERVER = RawKeys.ed25519();
    private static final RawKey CLIENT = RawKeys.p256();
    private static final RawKey STRANGER = RawKeys.ed25519();

    private final Transport transport = new NettyTransportProvider().create();
    private final BlockingQueue<HttpSession> accepted = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        transport.close();
    }

    private final class Accepting implements SessionHandler {
        @Override
        public void opened(HttpSession session) {
            accepted.add(session);
        }

        @Override
        public StreamHandler request(HttpStream stream) {
            stream.respond(new ResponseHead(204, HeaderFields.empty()));
            stream.end();
            return Events.on(stream);
        }
    }

    private static final class Connecting implements SessionHandler {
        private final BlockingQueue<Object> closed = new LinkedBlockingQueue<>();

        @Override
        public StreamHandler request(HttpStream stream) {
            throw new AssertionError("a request from a proxy");
        }

        @Override
        public void closed(HttpSession session, @Nullable Throwable cause) {
            closed.add(cause == null ? "well" : cause);
        }
    }

    private ListenOptions options(@Nullable ClientAuthentication clients) {
        return new ListenOptions(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Set.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1),
                IdentitySelector.always(Loopback.PKI::identity),
                clients,
                SessionLimits.defaults());
    }

    private Listening listen(ListenOptions options) throws Exception {
        return transport.listen(options, new Accepting()).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private Listening listen(RawKeyServer keys) throws Exception {
        return listen(options(null).withRawKeys(keys));
    }

    private HttpSession connect(Listening to, HttpVersion version, @Nullable RawKeyClient keys, Connecting handler)
            throws Exception {
        ConnectOptions options = new ConnectOptions(
                        to.address(),
                        "localhost",
                        List.of(version),
                        Loopback.PKI.trust(),
                        Duration.ofSeconds(20),
                        SessionLimits.defaults())
                .withRawKeys(keys);
        try {
            return transport.connect(options, handler).toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private HttpSession connect(Listening to, RawKeyClient keys) throws Exception {
        return connect(to, HttpVersion.HTTP_2, keys, new Connecting());
    }

    private static void assertCarries(HttpSession session) throws Exception {
        Events events = new Events();
        HttpStream stream = session.open(
                new RequestHead("GET", "https", "localhost", "/", null, HeaderFields.empty()), made -> events);
        stream.end();
        assertThat(events.response().status()).isEqualTo(204);
    }

    private HttpSession accepted() throws InterruptedException {
        HttpSession session = accepted.poll(20, TimeUnit.SECONDS);
        assertThat(session).isNotNull();
        return java.util.Objects.requireNonNull(session);
    }

    private static void assertCertificateError(Throwable failure) {
        assertThat(failure).isInstanceOf(NextHopException.class);
        assertThat(((NextHopException) failure).type()).isEqualTo(ProxyErrorType.TLS_CERTIFICATE_ERROR);
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void bothSidesSeeTheKeyOfTheOther(HttpVersion version) throws Exception {
        Listening listening = listen(new RawKeyServer(() -> SERVER, RawKeys.pins(CLIENT), true, true));
        HttpSession session =
                connect(listening, version, new RawKeyClient(RawKeys.pins(SERVER), CLIENT), new Connecting());
        assertCarries(session);
        assertThat(session.info().peerKey()).isEqualTo(SERVER.pin());
        assertThat(session.info().tlsProtocol()).isEqualTo("TLSv1.3");
        HttpSession server = accepted();
        assertThat(server.info().peerKey()).isEqualTo(CLIENT.pin());
        assertThat(server.info().serverName()).isEqualTo("localhost");
        assertThat(server.info().version()).isEqualTo(version);
    }

    @Test
    void aServerWithAnotherKeyIsNotTheProxy() throws Exception {
        Listening listening = listen(new RawKeyServer(() -> SERVER, null, false, true));
        assertThatThrownBy(() -> connect(listening, new RawKeyClient(RawKeys.pins(STRANGER), null)))
                .satisfies(RawKeyIT::assertCertificateError);
        assertThat(accepted).isEmpty();
    }

    @Test
    void aKeyIsChangedWhileClientsKnowBoth() throws Exception {
        RawKey next = RawKeys.p256();
        AtomicReference<RawKey> current = new AtomicReference<>(SERVER);
        Listening listening = listen(new RawKeyServer(current::get, null, false, true));
        RawKeyPins known = RawKeys.pins(SERVER);
        HttpSession before = connect(listening, new RawKeyClient(known, null));
        known.replace(Map.of(SERVER.pin(), "b", next.pin(), "b"));
        current.set(next);
        HttpSession after = connect(listening, new RawKeyClient(known, null));
        assertThat(after.info().peerKey()).isEqualTo(next.pin());
        known.replace(Map.of(next.pin(), "b"));
        assertCarries(connect(listening, new RawKeyClient(known, null)));
        assertCarries(before); // what stands stays
        current.set(SERVER);
        assertThatThrownBy(() -> connect(listening, new RawKeyClient(known, null)))
                .satisfies(RawKeyIT::assertCertificateError);
    }

    @Test
    void aClientChangesItsKeyWhileTheServerKnowsBoth() throws Exception {
        RawKeyPins known = RawKeys.pins(CLIENT, STRANGER);
        Listening listening = listen(new RawKeyServer(() -> SERVER, known, true, true));
        assertCarries(connect(listening, new RawKeyClient(RawKeys.pins(SERVER), CLIENT)));
        assertCarries(connect(listening, new RawKeyClient(RawKeys.pins(SERVER), STRANGER)));
        known.replace(Map.of(STRANGER.pin(), "a"));
        assertCarries(connect(listening, new RawKeyClient(RawKeys.pins(SERVER), STRANGER)));
        assertThatThrownBy(() -> connect(listening, new RawKeyClient(RawKeys.pins(SERVER), CLIENT)))
                .isInstanceOf(ClientCertificateException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void aClientWhoseKeyNobodyKnowsIsTurnedAway(HttpVersion version) throws Exception {
        Listening listening = listen(new RawKeyServer(() -> SERVER, RawKeys.pins(CLIENT), false, true));
        assertTurnedAway(listening, version, STRANGER);
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void aClientWithoutAKeyIsTurnedAwayWhereOneIsRequired(HttpVersion version) throws Exception {
        Listening listening = listen(new RawKeyServer(() -> SERVER, RawKeys.pins(CLIENT), true, true));
        assertTurnedAway(listening, version, null);
    }

    private void assertTurnedAway(Listening listening, HttpVersion version, @Nullable RawKey shown) throws Exception {
        Connecting handler = new Connecting();
        try {
            connect(listening, version, new RawKeyClient(RawKeys.pins(SERVER), shown), handler);
            assertThat(version)
                    .isEqualTo(HttpVersion.HTTP_1_1); // where a client may have its session before it is told
            assertThat(handler.closed.poll(20, TimeUnit.SECONDS)).isInstanceOf(ClientCertificateException.class);
        } catch (ClientCertificateException expected) {
            assertThat(handler.closed).isEmpty();
        }
        assertThat(accepted).isEmpty();
    }

    @Test
    void aClientWithoutAKeyIsWelcomeWhereNoneIsRequired() throws Exception {
        Listening listening = listen(new RawKeyServer(() -> SERVER, RawKeys.pins(CLIENT), false, true));
        assertCarries(connect(listening, new RawKeyClient(RawKeys.pins(SERVER), null)));
        assertThat(accepted().info().peerKey()).isNull();
    }

    @Test
    void aKeyThatNobodyAsksForIsNotShown() throws Exception {
        Listening listening = listen(new RawKeyServer(() -> SERVER, null, false, true));
        assertCarries(connect(listening, new RawKeyClient(RawKeys.pins(SERVER), CLIENT)));
        assertThat(accepted().info().peerKey()).isNull();
    }

    @Test
    void aPortWithBothShowsEachClientWhatItAsksFor() throws Exception {
        Listening listening = listen(new RawKeyServer(() -> SERVER, null, false, false));
        HttpSession byKey = connect(listening, new RawKeyClient(RawKeys.pins(SERVER), null));
        assertThat(byKey.info().peerKey()).isEqualTo(SERVER.pin());
        assertThat(byKey.info().peerCertificates()).isEmpty();
        HttpSession byName = connect(listening, HttpVersion.HTTP_2, null, new Connecting());
        assertThat(byName.info().peerKey()).isNull();
        assertThat(byName.info().peerCertificates()).isNotEmpty();
        assertCarries(byKey);
        assertCarries(byName);
    }

    @Test
    void aClientOfCertificatesIsTurnedAwayWhereThereAreNone() throws Exception {
        Listening listening = listen(new RawKeyServer(() -> SERVER, null, false, true));
        assertThatThrownBy(() -> connect(listening, HttpVersion.HTTP_2, null, new Connecting()))
                .isInstanceOf(NextHopException.class);
        assertThat(accepted).isEmpty();
    }

    @Test
    void aCertificateIsNotTakenForAKey() throws Exception {
        Listening listening = listen(options(null));
        RawKeyPins ofTheCertificate = RawKeyPins.of(
                RawKeyPin.of(Loopback.PKI.identity().chain().get(0).getPublicKey())
                        .toString());
        assertThatThrownBy(() -> connect(listening, new RawKeyClient(ofTheCertificate, null)))
                .isInstanceOf(NextHopException.class);
    }

    @Test
    void nobodyGetsRoundAKeyWithoutACertificate() {
        ClientAuthentication certificates = new ClientAuthentication(PeerTrust.of(Loopback.PKI.trust()), true);
        RawKeyServer open = new RawKeyServer(() -> SERVER, null, false, false);
        assertThatThrownBy(() -> options(certificates).withRawKeys(open)).isInstanceOf(IllegalArgumentException.class);
        RawKeyServer closed = new RawKeyServer(() -> SERVER, RawKeys.pins(CLIENT), true, false);
        assertThatThrownBy(() -> options(null).withRawKeys(closed)).isInstanceOf(IllegalArgumentException.class);
        assertThat(options(certificates).withRawKeys(closed).rawKeys()).isEqualTo(closed);
    }

    @Test
    void quicHasNone() {
        try (Transport quic = new QuicheTransportProvider().create()) {
            ListenOptions options = new ListenOptions(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            Set.of(HttpVersion.HTTP_3),
                            Loopback.PKI::identity,
                            SessionLimits.defaults())
                    .withRawKeys(new RawKeyServer(() -> SERVER, null, false, false));
            assertThat(quic.listen(options, new Accepting()).toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withMessageContaining("no raw public keys over QUIC; leave out HTTP/3");
        }
    }

    @Test
    void theMissingLibraryIsNamed() {
        assertThat(RawKeyLibrary.unavailable(ClassLoader.getPlatformClassLoader()))
                .hasValueSatisfying(reason -> assertThat(reason).contains("org.bouncycastle:bctls-jdk18on"));
        assertThat(new NettyTransportProvider().withoutRawKeys()).isEmpty();
    }
}
