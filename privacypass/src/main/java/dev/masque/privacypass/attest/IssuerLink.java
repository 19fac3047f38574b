package dev.masque.privacypass.attest;

import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.IssuanceException;
import dev.masque.privacypass.RequestKind;
import dev.masque.privacypass.TokenIssuer;
import java.io.IOException;

/**
 * The way from an attester to its issuer. What it is given is all that the issuer may learn. Called by many threads at
 * once; may block, for a bounded time.
 */
@FunctionalInterface
public interface IssuerLink {
    /**
     * Sends a request on.
     *
     * @param kind its kind
     * @param request the whole of it
     * @return the answer
     * @throws IssuanceException if the issuer refused
     * @throws IOException if it cannot be reached, or what it says makes no sense
     */
    TokenIssuer.Answer send(RequestKind kind, Bytes request) throws IssuanceException, IOException;
}
