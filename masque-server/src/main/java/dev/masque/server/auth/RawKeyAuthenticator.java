package dev.masque.server.auth;

import dev.masque.core.tls.RawKeyPin;
import dev.masque.core.tls.RawKeyPins;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A raw public key that TLS has found to be trusted, and that still is. Thread-safe. */
final class RawKeyAuthenticator implements Authenticator {
    private final RawKeyPins keys;

    RawKeyAuthenticator(RawKeyPins keys) {
        this.keys = keys;
    }

    @Override
    public CompletionStage<AuthenticationResult> authenticate(AuthenticationRequest request) {
        return CompletableFuture.completedFuture(check(request.session().peerKey()));
    }

    private AuthenticationResult check(@Nullable RawKeyPin key) {
        if (key == null) {
            return new AuthenticationResult.Absent();
        }
        return keys.nameOf(key)
                .<AuthenticationResult>map(name -> new AuthenticationResult.Accepted(new Principal(method(), name)))
                .orElseGet(AuthenticationResult.Rejected::new);
    }

    @Override
    public String method() {
        return "raw-key";
    }
}
