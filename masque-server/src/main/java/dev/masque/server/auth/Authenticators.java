package dev.masque.server.auth;

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
