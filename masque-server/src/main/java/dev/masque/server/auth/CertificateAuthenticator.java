package dev.masque.server.auth;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A certificate that TLS has found to be trusted. Thread-safe if the function is. */
final class CertificateAuthenticator implements Authenticator {
    private final Function<X509Certificate, Optional<String>> nameOf;

    CertificateAuthenticator(Function<X509Certificate, Optional<String>> nameOf) {
        this.nameOf = nameOf;
    }

    @Override
    public CompletionStage<AuthenticationResult> authenticate(AuthenticationRequest request) {
        return CompletableFuture.completedFuture(check(request.session().peerCertificates()));
    }

    private AuthenticationResult check(List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            return new AuthenticationResult.Absent();
        }
        return nameOf.apply(chain.get(0))
                .<AuthenticationResult>map(name -> new AuthenticationResult.Accepted(new Principal(method(), name)))
                .orElseGet(AuthenticationResult.Rejected::new);
    }

    @Override
    public String method() {
        return "certificate";
    }
}
