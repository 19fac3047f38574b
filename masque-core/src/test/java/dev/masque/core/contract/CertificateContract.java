package dev.masque.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.masque.core.ClientCertificateException;
import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.tls.ClientAuthentication;
import dev.masque.core.tls.PeerTrust;
import dev.masque.core.tls.ReloadableTrust;
import dev.masque.core.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the two sides show to each other in TLS, and what they make of it. */
interface CertificateContract extends Contract {
    private CompletionStage<HttpSession> attempt() {
        return loop().clientTransport.connect(loop().options(), loop().client);
    }

    private static void assertFails(CompletionStage<?> stage, ProxyErrorType type) {
        Throwable failure = Loop.awaitFailure(stage);
        assertThat(failure).isInstanceOf(NextHopException.class);
        assertThat(((NextHopException) failure).type()).isEqualTo(type);
    }

    @Test
    default void aCertificateThatNobodyTrustsIsAFailureWithAName() {
        assumeTrue(showsCertificates());
        loop().trust = new TestPki().trust();
        assertFails(attempt(), ProxyErrorType.TLS_CERTIFICATE_ERROR);
        assertThat(loop().client.sessions).isEmpty();
    }

    @Test
    default void aCertificateOfAnotherNameIsAFailureWithAName() {
        assumeTrue(showsCertificates());
        loop().serverName = "other.example";
        assertFails(attempt(), ProxyErrorType.TLS_CERTIFICATE_ERROR);
        loop().serverName = "192.0.2.1";
        assertFails(attempt(), ProxyErrorType.TLS_CERTIFICATE_ERROR);
    }

    @Test
    default void aCertificateCanBeThatOfAnAddress() {
        assumeTrue(showsCertificates());
        loop().serverName = "127.0.0.1";
        assertThat(loop().connect().info().peerCertificates()).isNotEmpty();
        assertThat(Loop.await(loop().server.opened).info().serverName()).isNull();
    }

    @Test
    default void theNameOfTheProxyIsTheServersToSee() {
        ConnectOptions local = loop().options();
        ConnectOptions named = new ConnectOptions(
                local.address(), "proxy.example", local.versions(), local.trust(), local.timeout(), local.limits());
        Loop.await(loop().clientTransport.connect(named, loop().client));
        assertThat(Loop.await(loop().server.opened).info().serverName()).isEqualTo("proxy.example");
    }

    @Test
    default void theIdentityIsAskedForEveryConnection() {
        assumeTrue(showsCertificates());
        TlsIdentity second = Loop.PKI.issue();
        HttpSession before = loop().connect();
        loop().identities = name -> second;
        HttpSession after = loop().connect(loop().newClient());
        assertThat(before.info().peerCertificates().get(0))
                .isEqualTo(Loop.PKI.identity().chain().get(0));
        assertThat(after.info().peerCertificates().get(0))
                .isEqualTo(second.chain().get(0));
        Tunnel tunnel = loop().tunnel(before, Loop.CONNECT).resume();
        tunnel.client().send("the first goes on");
        assertThat(tunnel.server().awaitText(17)).isEqualTo("the first goes on");
    }

    @Test
    default void theIdentityIsThatOfTheNameThatTheClientAsksFor() {
        assumeTrue(showsCertificates());
        TlsIdentity named = Loop.PKI.issue("proxy.example");
        TlsIdentity other = Loop.PKI.issue("other.example");
        loop().identities = name ->
                "proxy.example".equals(name) ? named : "other.example".equals(name) ? other : Loop.PKI.identity();
        assertThat(shownTo("proxy.example")).isEqualTo(named.chain().get(0));
        assertThat(shownTo("other.example")).isEqualTo(other.chain().get(0));
        assertThat(shownTo("proxy.example")).isEqualTo(named.chain().get(0));
        assertThat(shownTo("127.0.0.1")).isEqualTo(Loop.PKI.identity().chain().get(0));
    }

    private X509Certificate shownTo(String name) {
        loop().serverName = name;
        return loop().connect(loop().newClient()).info().peerCertificates().get(0);
    }

    private void askClients(boolean required) {
        assumeTrue(loop().provider.asksForCertificates());
        loop().clientAuthentication = new ClientAuthentication(PeerTrust.of(Loop.PKI.trust()), required);
    }

    @Test
    default void aTransportThatCannotAskForCertificatesDoesNotListen() {
        assumeTrue(!loop().provider.asksForCertificates());
        loop().clientAuthentication = new ClientAuthentication(PeerTrust.of(Loop.PKI.trust()), false);
        assertThat(Loop.awaitFailure(loop().serverTransport.listen(loop().listenOptions(0), loop().server)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("certificates");
    }

    @Test
    default void aServerSeesTheCertificatesOfItsClient() {
        askClients(true);
        TlsIdentity own = Loop.PKI.issue("client.example");
        loop().clientIdentity = own;
        loop().connect();
        assertThat(Loop.await(loop().server.opened).info().peerCertificates().get(0))
                .isEqualTo(own.chain().get(0));
        HttpSession again = loop().connect(loop().newClient()); // TLS may resume
        loop().tunnel(again, Loop.CONNECT);
        assertThat(loop().server.sessions)
                .allSatisfy(
                        session -> assertThat(session.info().peerCertificates().get(0))
                                .isEqualTo(own.chain().get(0)));
    }

    private void assertClientIsTurnedAway() {
        if (isHttp1()) { // a client may have its session before it is told
            attempt().exceptionally(failure -> {
                loop().client.closed.complete(failure);
                return null;
            });
            assertThat(Loop.await(loop().client.closed)).isInstanceOf(ClientCertificateException.class);
        } else {
            Throwable failure = Loop.awaitFailure(attempt());
            assertThat(failure)
                    .as(() -> Throwables.getStackTrace(failure)) // with its causes
                    .isInstanceOf(ClientCertificateException.class);
            assertThat(loop().client.sessions).isEmpty();
        }
        assertThat(loop().server.sessions).isEmpty();
    }

    @Test
    default void aClientWithoutACertificateIsTurnedAwayWhereOneIsRequired() {
        askClients(true);
        assertClientIsTurnedAway();
    }

    @Test
    default void aClientWithACertificateThatIsNotTrustedIsTurnedAway() {
        askClients(false);
        loop().clientIdentity = new TestPki().issue("client.example");
        assertClientIsTurnedAway();
    }

    @Test
    default void aClientWhoseCertificateIsRevokedIsTurnedAway(@TempDir Path folder) throws IOException {
        TlsIdentity own = Loop.PKI.issue("client.example");
        Path authority = TestPki.pem(Loop.PKI.authority(), folder);
        Path list = Loop.PKI.crl(folder, Instant.now().plusSeconds(3_600), own);
        assumeTrue(loop().provider.asksForCertificates());
        loop().clientAuthentication = new ClientAuthentication(
                ReloadableTrust.fromPem(authority, list).trust(), true);
        loop().clientIdentity = own;
        assertClientIsTurnedAway();
    }

    @Test
    default void aClientWhoseCertificateIsNotOnTheListIsWelcome(@TempDir Path folder) throws IOException {
        TlsIdentity own = Loop.PKI.issue("client.example");
        Path authority = TestPki.pem(Loop.PKI.authority(), folder);
        Path list = Loop.PKI.crl(folder, Instant.now().plusSeconds(3_600), Loop.PKI.issue("other.example"));
        assumeTrue(loop().provider.asksForCertificates());
        loop().clientAuthentication = new ClientAuthentication(
                ReloadableTrust.fromPem(authority, list).trust(), true);
        loop().clientIdentity = own;
        loop().connect();
        assertThat(Loop.await(loop().server.opened).info().peerCertificates().get(0))
                .isEqualTo(own.chain().get(0));
    }

    @Test
    default void aNewAuthorityOfClientsIsAskedForOnceItIsRead(@TempDir Path folder) throws IOException {
        assumeTrue(loop().provider.asksForCertificates());
        TestPki next = new TestPki();
        ReloadableTrust trust = ReloadableTrust.fromPem(TestPki.pem(next.authority(), folder));
        loop().clientAuthentication = new ClientAuthentication(trust.trust(), true);
        loop().clientIdentity = Loop.PKI.issue("client.example");
        assertClientIsTurnedAway();

        TestPki.pem(Loop.PKI.authority(), folder);
        assertThat(trust.reload()).isTrue();

        loop().tunnel(loop().connect(loop().newClient()), Loop.CONNECT);
        assertThat(Loop.await(loop().server.opened).info().peerCertificates()).isNotEmpty();
    }

    @Test
    default void aClientWithoutACertificateIsWelcomeWhereNoneIsRequired() {
        askClients(false);
        loop().tunnel(loop().connect(), Loop.CONNECT);
        assertThat(Loop.await(loop().server.opened).info().peerCertificates()).isEmpty();
    }

    @Test
    default void aCertificateThatNobodyAsksForIsNotShown() {
        loop().clientIdentity = Loop.PKI.issue("client.example");
        loop().tunnel(loop().connect(), Loop.CONNECT);
        assertThat(Loop.await(loop().server.opened).info().peerCertificates()).isEmpty();
    }
}
