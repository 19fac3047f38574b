package dev.masque.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The proxy wants other credentials: 401, 407, or a refusal with a challenge. */
public final class AuthenticationException extends TunnelException {
    private static final long serialVersionUID = 1L;

    /** What the proxy asks for. */
    @SuppressWarnings("serial") // an immutable list of strings
    private final List<String> challenges;

    AuthenticationException(String message, Detail detail, List<String> challenges, @Nullable Throwable cause) {
        super(TunnelStep.AUTHENTICATE, false, message, detail, cause);
        this.challenges = List.copyOf(challenges);
    }

    /**
     * What the proxy asks for.
     *
     * @return the values of {@code Proxy-Authenticate} and {@code WWW-Authenticate}, may be none
     */
    public List<String> challenges() {
        return challenges;
    }

    @Override
    AuthenticationException copy(String message, Detail changed, @Nullable Throwable cause) {
        return new AuthenticationException(message, changed, challenges, cause);
    }
}
