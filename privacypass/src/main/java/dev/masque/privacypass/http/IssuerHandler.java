package dev.masque.privacypass.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.masque.privacypass.IssuanceException;
import dev.masque.privacypass.TokenIssuer;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves requests for tokens, single and in batches. Whoever can reach it gets tokens: put an attester, or the server's own
 * authentication, in front. Thread-safe; computes on the thread that calls. RFC 9578, 5.2 and 6.2.
 */
public final class IssuerHandler implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(IssuerHandler.class);

    private final TokenIssuer issuer;

    private IssuerHandler(TokenIssuer issuer) {
        this.issuer = issuer;
    }

    /**
     * The requests of an issuer.
     *
     * @param issuer the issuer
     * @return the handler
     */
    public static IssuerHandler of(TokenIssuer issuer) {
        return new IssuerHandler(issuer);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                Exchanges.Request request = Exchanges.read(exchange, issuer.batchLimit());
                TokenIssuer.Answer answer = issuer.answer(request.kind(), request.content());
                exchange.getResponseHeaders().set("Cache-Control", "no-store");
                Exchanges.answer(
                        exchange,
                        answer.complete() ? 200 : 206, // batched tokens draft, 5.2
                        request.kind().responseType(),
                        answer.content());
            } catch (IssuanceException e) {
                Exchanges.refuse(exchange, e);
            } catch (RuntimeException e) {
                LOG.debug("no token for a fault of this issuer", e);
                Exchanges.refuse(exchange, new IssuanceException(500, "the issuer failed"));
            }
        }
    }
}
