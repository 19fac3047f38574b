package dev.masque.cli;

import dev.masque.core.tls.Identities;
import dev.masque.core.tls.IdentityException;
import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Whether a certificate and key can serve. Stateless. */
final class CertificateCheck {
    private static final Duration SOON = Duration.ofDays(14);

    private CertificateCheck() {}

    static List<Finding> of(Path certificate, Path key, Instant now) {
        List<X509Certificate> chain;
        try {
            chain = Identities.fromPem(certificate, key).get().chain();
        } catch (IdentityException e) {
            return List.of(Finding.bad("certificate", String.valueOf(e.getMessage())));
        }
        List<Finding> findings = new ArrayList<>();
        X509Certificate leaf = chain.get(0);
        findings.add(names(leaf));
        Instant from = leaf.getNotBefore().toInstant();
        Instant until = leaf.getNotAfter().toInstant();
        if (now.isBefore(from)) {
            findings.add(Finding.bad("validity", "begins only at " + from + ": is the clock right?"));
        } else if (now.isAfter(until)) {
            findings.add(Finding.bad("validity", "ended at " + until + ": clients refuse it; renew it"));
        } else if (now.plus(SOON).isAfter(until)) {
            findings.add(Finding.hint(
                    "validity", "ends at " + until + ": renew it soon; the proxy can reload it while it runs"));
        } else {
            findings.add(Finding.ok("validity", "until " + until));
        }
        findings.add(
                chain.size() == 1 && !leaf.getIssuerX500Principal().equals(leaf.getSubjectX500Principal())
                        ? Finding.hint(
                                "chain",
                                "holds no certificate of the issuer: clients may not find the way to their roots")
                        : Finding.ok("chain", chain.size() + " certificates"));
        return findings;
    }

    private static Finding names(X509Certificate leaf) {
        try {
            Collection<List<?>> names = leaf.getSubjectAlternativeNames();
            if (names == null || names.isEmpty()) {
                return Finding.bad("certificate", "has no subject alternative name: no client takes it (RFC 9525)");
            }
            return Finding.ok(
                    "certificate",
                    "for "
                            + names.stream()
                                    .map(name -> String.valueOf(name.get(1)))
                                    .collect(Collectors.joining(", ")));
        } catch (CertificateParsingException e) {
            return Finding.bad("certificate", "its names cannot be read");
        }
    }
}
