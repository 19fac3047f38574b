package dev.masque.privacypass.attest;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.security.auth.x500.X500Principal;

/**
 * Clients show a certificate in TLS, which the server that this runs in has checked. Thread-safe if the function is.
 */
public final class MutualTls implements AttestationMethod {
    /** Mail, DNS and URI. RFC 5280, 4.2.1.6. */
    private static final Set<Integer> ALTERNATIVES = Set.of(1, 2, 6);

    private final Function<X509Certificate, Optional<String>> account;

    private MutualTls(Function<X509Certificate, Optional<String>> account) {
        this.account = account;
    }

    /**
     * Every client with a certificate, by the name in it.
     *
     * @return the method
     */
    public static MutualTls bySubject() {
        return of(
                certificate -> Optional.of(certificate.getSubjectX500Principal().getName()));
    }

    /**
     * Some clients, by a name in their certificate: its whole subject, as in {@code CN=alice,O=Example} (RFC 2253), or a DNS
     * name, an address of mail or a URI of its alternative names.
     *
     * @param names the names, as they stand there; the first that a certificate has is the account
     * @return the method
     */
    public static MutualTls byName(Collection<String> names) {
        Map<Object, String> accounts = new LinkedHashMap<>();
        for (String name : names) {
            accounts.put(name, name);
            subject(name).ifPresent(subject -> accounts.put(subject, name));
        }
        return of(certificate -> {
            Set<Object> shown = namesOf(certificate);
            return accounts.entrySet().stream()
                    .filter(account -> shown.contains(account.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst();
        });
    }

    private static Optional<X500Principal> subject(String name) {
        try {
            return Optional.of(new X500Principal(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // it is a name of another kind
        }
    }

    private static Set<Object> namesOf(X509Certificate certificate) {
        Set<Object> names = new HashSet<>();
        names.add(certificate.getSubjectX500Principal());
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (ALTERNATIVES.contains(alternative.get(0))) {
                    names.add(alternative.get(1));
                }
            }
        } catch (CertificateParsingException e) {
            return Set.of(); // a certificate that says nothing for certain
        }
        return names;
    }

    /**
     * Clients by something in their certificate.
     *
     * @param account tells the account of a certificate; empty if it has none
     * @return the method
     */
    public static MutualTls of(Function<X509Certificate, Optional<String>> account) {
        return new MutualTls(account);
    }

    @Override
    public Optional<String> attest(Evidence evidence) {
        return evidence.certificates().isEmpty()
                ? Optional.empty()
                : account.apply(evidence.certificates().get(0));
    }
}
