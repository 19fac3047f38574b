package dev.masque.server.auth;

import dev.masque.core.tls.RawKeyPins;
import dev.masque.privacypass.TokenVerifier;
import dev.masque.privacypass.attest.AttestationMethod;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The authenticators that come with the server. */
public final class Authenticators {
    private Authenticators() {}

    /**
     * Accepts {@code Proxy-Authorization: Preshared <key>} with one of several keys.
     *
     * @param keys the keys; {@link PresharedKeys#replace} changes them while the server runs
     * @return an authenticator
     */
    public static Authenticator preshared(PresharedKeys keys) {
        return new PresharedAuthenticator(keys);
    }

    /**
     * Accepts {@code Proxy-Authorization: Preshared <key>} with one of several keys that do not change.
     *
     * @param keys keys by name; a key is one or more visible ASCII characters
     * @return an authenticator
     */
    public static Authenticator preshared(Map<String, String> keys) {
        return preshared(PresharedKeys.of(keys));
    }

    /**
     * Accepts {@code Proxy-Authorization: PrivateToken token="…"} with a Privacy Pass token (RFC 9577), each once; on the
     * connection on which it was accepted it may come again. Refusals carry the verifier's challenges. Tokens are verified on
     * up to as many threads as there are processors; when more than 1024 wait for that, or more than 512 and 64 of them on one
     * connection, the next ones are told to come again in a second.
     *
     * @param verifier takes the tokens; its memory of spent ones may block
     * @return an authenticator
     */
    public static Authenticator privacyPass(TokenVerifier verifier) {
        return new PrivateTokenAuthenticator(verifier);
    }

    /**
     * Accepts {@code Proxy-Authorization: Basic} or {@code Bearer} with the credentials of an account, as an attester of Privacy
     * Pass does: {@link dev.masque.privacypass.attest.Basic}, {@link dev.masque.privacypass.attest.Bearer} or one's own. What is good
     * is taken on its connection for five minutes without asking again. The name of the account is for limits and events.
     *
     * @param method finds the account; called on as many threads as there are processors, may block for a short time
     * @return an authenticator
     */
    public static Authenticator account(AttestationMethod method) {
        return new AccountAuthenticator(method);
    }

    /**
     * Accepts clients by the raw public key (RFC 7250) that they proved in the handshake to have, which TLS has found to be
     * trusted. The server has to ask for it: {@link dev.masque.server.MasqueServerBuilder#requireClientRawKeys} or {@link
     * dev.masque.server.MasqueServerBuilder#askForClientRawKeys}.
     *
     * @param keys give the name of the holder of a key for limits and events. If a key is taken out of them, sessions that stand
     *     open no more tunnels
     * @return an authenticator
     */
    public static Authenticator clientRawKey(RawKeyPins keys) {
        return new RawKeyAuthenticator(keys);
    }

    /**
     * Accepts clients by the certificate that they showed in the handshake, after TLS has found it to be trusted. The server has
     * to ask for it: {@link dev.masque.server.MasqueServerBuilder#requireClientCertificates} or
     * {@link dev.masque.server.MasqueServerBuilder#askForClientCertificates}.
     *
     * @param nameOf gives the name of the holder of a certificate for limits and events, empty to refuse it; must not block
     * @return an authenticator
     */
    public static Authenticator clientCertificate(Function<X509Certificate, Optional<String>> nameOf) {
        return new CertificateAuthenticator(nameOf);
    }
}
