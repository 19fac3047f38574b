package dev.masque.client;

import java.util.Optional;

/** The same value for every request. */
final class FixedCredentials implements Credentials {
    private final String scheme;
    private final Optional<String> value;

    FixedCredentials(String scheme, Optional<String> value) {
        this.scheme = scheme;
        this.value = value;
    }

    @Override
    public Optional<String> authorization(CredentialsRequest request) {
        return value;
    }

    /** The scheme alone. */
    @Override
    public String toString() {
        return scheme;
    }
}
