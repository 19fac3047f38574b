package dev.masque.privacypass.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsExchange;
import dev.masque.privacypass.IssuanceException;
import dev.masque.privacypass.TokenIssuer;
import dev.masque.privacypass.attest.Attester;
import dev.masque.privacypass.attest.Evidence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpTimeoutException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves clients that ask for tokens through an attester. Thread-safe; waits for the issuer on the thread that calls.
 */
public final class AttesterHandler implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(AttesterHandler.class);

    private final Attester attester;
    private final Function<HttpExchange, List<X509Certificate>> certificates;

    private AttesterHandler(Attester attester, Function<HttpExchange, List<X509Certificate>> certificates) {
        this.attester = attester;
        this.certificates = certificates;
    }

    /**
     * The requests of an attester. Certificates of clients come from the exchange, where it is one of HTTPS.
     *
     * @param attester the attester
     * @return the handler
     */
    public static AttesterHandler of(Attester attester) {
        return of(attester, AttesterHandler::peer);
    }

    /**
     * The requests of an attester in a server that has its own way to tell certificates.
     *
     * @param attester the attester
     * @param certificates tells the certificates that a client showed, its own first; none if it showed none
     * @return the handler
     */
    public static AttesterHandler of(Attester attester, Function<HttpExchange, List<X509Certificate>> certificates) {
        return new AttesterHandler(attester, certificates);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                relay(exchange);
            } catch (IssuanceException e) {
                if (e.status() == 401) {
                    attester.challenges()
                            .forEach(value -> exchange.getResponseHeaders().add("WWW-Authenticate", value));
                }
                Exchanges.refuse(exchange, e);
            } catch (RuntimeException e) {
                LOG.debug("no answer for a fault of this attester", e);
                Exchanges.refuse(exchange, new IssuanceException(500, "the attester failed"));
            }
        }
    }

    private void relay(HttpExchange exchange) throws IOException, IssuanceException {
        Exchanges.Request request = Exchanges.read(exchange, attester.batchLimit());
        Evidence evidence = new Evidence(exchange.getRequestHeaders(), certificates.apply(exchange));
        TokenIssuer.Answer answer;
        try {
            answer = attester.relay(evidence, request.kind(), request.content());
        } catch (HttpTimeoutException e) {
            LOG.debug("the issuer did not answer in time", e);
            throw new IssuanceException(504, "the issuer did not answer in time");
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("the issuer did not answer", e);
            throw new IssuanceException(502, "the issuer did not answer");
        }
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        Exchanges.answer(exchange, answer.complete() ? 200 : 206, request.kind().responseType(), answer.content());
    }

    private static List<X509Certificate> peer(HttpExchange exchange) {
        if (!(exchange instanceof HttpsExchange https)) {
            return List.of();
        }
        try {
            Certificate[] chain = https.getSSLSession().getPeerCertificates();
            return Stream.of(chain)
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }
}
