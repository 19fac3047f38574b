package dev.masque.server.auth;

import dev.masque.core.ProxyAuthorization;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code Preshared <key>}. Thread-safe. */
final class PresharedAuthenticator implements Authenticator {
    private static final AuthenticationResult ABSENT = new AuthenticationResult.Absent();
    private static final AuthenticationResult REJECTED = new AuthenticationResult.Rejected();

    private final PresharedKeys keys;

    PresharedAuthenticator(PresharedKeys keys) {
        this.keys = keys;
    }

    @Override
    public CompletionStage<AuthenticationResult> authenticate(AuthenticationRequest request) {
        return CompletableFuture.completedFuture(check(request));
    }

    private AuthenticationResult check(AuthenticationRequest request) {
        Optional<String> key = request.credentials(ProxyAuthorization.PRESHARED);
        if (key.isEmpty()) {
            return ABSENT;
        }
        Optional<String> name = keys.nameOf(key.get());
        return name.isPresent() ? new AuthenticationResult.Accepted(new Principal(method(), name.get())) : REJECTED;
    }

    @Override
    public Optional<String> challenge(AuthenticationRequest request) {
        return Optional.of("Preshared");
    }

    @Override
    public String method() {
        return ProxyAuthorization.PRESHARED;
    }
}
