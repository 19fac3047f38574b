package dev.masque.server.auth;

import dev.masque.core.ProxyAuthorization;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.SessionInfo;
import java.util.List;
import java.util.Optional;

/**
 * What an {@link Authenticator} may look at. Immutable.
 *
 * @param connection a number for the client's connection, the same for all its requests, not used again in this process
 * @param session what is known of the connection, such as the client's certificates
 * @param head the request
 * @param credentials what {@code Proxy-Authorization} holds, and on templated requests (RFC 9298) {@code Authorization} too;
 *     those that could be parsed
 */
public record AuthenticationRequest(
        long connection, SessionInfo session, RequestHead head, List<ProxyAuthorization> credentials) {
    /** Copies the list. */
    public AuthenticationRequest {
        credentials = List.copyOf(credentials);
    }

    /**
     * The credentials of a scheme.
     *
     * @param scheme the scheme, lower case
     * @return the first of them, empty if there are none
     */
    public Optional<String> credentials(String scheme) {
        return credentials.stream()
                .filter(credential -> credential.scheme().equals(scheme))
                .map(ProxyAuthorization::credentials)
                .findFirst();
    }

    /** Without credentials and addresses. */
    @Override
    public String toString() {
        return "AuthenticationRequest[" + session + "]";
    }
}
