package dev.masque.cli;

import dev.masque.server.auth.AuthenticationRequest;
import dev.masque.server.auth.AuthenticationResult;
import dev.masque.server.auth.Authenticator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lets nobody open tunnels: for servers that serve handlers alone. Thread-safe. */
final class NoTunnels implements Authenticator {
    @Override
    public CompletionStage<AuthenticationResult> authenticate(AuthenticationRequest request) {
        return CompletableFuture.completedFuture(new AuthenticationResult.Absent());
    }

    @Override
    public String method() {
        return "none";
    }
}
