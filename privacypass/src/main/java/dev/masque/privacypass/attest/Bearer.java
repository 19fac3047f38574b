package dev.masque.privacypass.attest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Clients show a secret of their account, as {@code Authorization: Bearer}. Secrets are kept and compared as hashes, so
 * neither memory nor time tells them. Thread-safe. RFC 6750, 2.1.
 */
public final class Bearer implements AttestationMethod {
    private final Map<String, String> accounts = new HashMap<>();

    private Bearer() {}

    /**
     * Accounts by their secrets.
     *
     * @param accounts for each secret, of which there can be several for one account, the name of the account
     * @return the method
     */
    public static Bearer of(Map<String, String> accounts) {
        Bearer bearer = new Bearer();
        accounts.forEach((secret, account) -> bearer.accounts.put(hash(secret), account));
        return bearer;
    }

    @Override
    public Optional<String> attest(Evidence evidence) {
        return evidence.credentials("Bearer").map(secret -> accounts.get(hash(secret)));
    }

    @Override
    public Optional<String> challenge() {
        return Optional.of("Bearer");
    }

    private static String hash(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
