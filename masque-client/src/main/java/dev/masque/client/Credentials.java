package dev.masque.client;

import dev.masque.core.ProxyAuthorization;
import dev.masque.privacypass.wallet.Wallet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * What a client shows to the proxy, in {@code Proxy-Authorization} (RFC 9110, 11.7.2). An implementation must be thread-safe.
 * Never logged.
 */
@FunctionalInterface
public interface Credentials {
    /**
     * The value for one request. Called on the client's executor before each request, and once more if the proxy refuses it
     * with a challenge; may block.
     *
     * @param request what is known of the request
     * @return scheme and credentials; empty to send none. If the answer to a challenge is what was sent before, or empty, the
     *     refusal stands
     * @throws IOException if they cannot be had now; the tunnel fails with it as the cause
     */
    Optional<String> authorization(CredentialsRequest request) throws IOException;

    /**
     * Shows nothing.
     *
     * @return no credentials
     */
    static Credentials none() {
        return new FixedCredentials("none", Optional.empty());
    }

    /**
     * A key that client and proxy share.
     *
     * @param key visible ASCII characters
     * @return {@code Preshared <key>}
     * @throws IllegalArgumentException if the key is empty or has other characters
     */
    static Credentials preshared(String key) {
        return new FixedCredentials("preshared", Optional.of(ProxyAuthorization.preshared(key)));
    }

    /**
     * A bearer token, RFC 6750.
     *
     * @param token visible ASCII characters
     * @return {@code Bearer <token>}
     * @throws IllegalArgumentException if the token is empty or has other characters
     */
    static Credentials bearer(String token) {
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("a bearer token is one or more visible ASCII characters");
        }
        return new FixedCredentials("bearer", Optional.of("Bearer " + token));
    }

    /**
     * A name and a password, RFC 7617, in UTF-8.
     *
     * @param user the name, without a colon
     * @param password the password
     * @return {@code Basic <both in base64>}
     * @throws IllegalArgumentException if the name has a colon, or one of them a control character
     */
    static Credentials basic(String user, String password) {
        if (user.indexOf(':') >= 0 || (user + password).chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a user has no colon, and neither part a control character");
        }
        byte[] bytes = (user + ':' + password).getBytes(StandardCharsets.UTF_8);
        return new FixedCredentials(
                "basic", Optional.of("Basic " + Base64.getEncoder().encodeToString(bytes)));
    }

    /**
     * Privacy Pass tokens (RFC 9577), a new one for each tunnel. Which ones the proxy says with its first refusal; from then on
     * tunnels are opened with one request. If the wallet has none, it is waited for 10 seconds. A challenge that names origins, and
     * not the proxy's host as the client knows it, with or without the port, is not answered (RFC 9577, 2.1): tokens for others are
     * not to be collected.
     *
     * @param wallet where tokens are taken from; stays the caller's
     * @return {@code PrivateToken token="…"}
     */
    static Credentials privacyPass(Wallet wallet) {
        return new TokenCredentials(wallet);
    }
}
