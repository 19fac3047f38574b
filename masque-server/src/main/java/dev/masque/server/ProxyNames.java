package dev.masque.server;

import dev.masque.core.MalformedException;
import dev.masque.core.Target;
import dev.masque.core.tls.IdentitySelector;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Under which names clients may address this proxy. Thread-safe. Those of the certificate, the one in the client's SNI, and
 * those of the configuration; with a raw public key alone, all. The port is not compared: it may be left out, and differs behind a port forwarding.
 */
final class ProxyNames {
    private final Set<String> configured;
    private final IdentitySelector identities;
    private final boolean certified;

    private record Known(X509Certificate certificate, List<String> names) {}

    @Nullable private volatile Known known;

    ProxyNames(Set<String> configured, IdentitySelector identities, boolean certified) {
        this.configured = configured;
        this.identities = identities;
        this.certified = certified;
    }

    /** Refuses what is meant for another server with 421, RFC 9110, 15.5.20. */
    void check(String authority, @Nullable String serverName) throws RefusedException {
        Target named = parse(authority);
        String host = named.host();
        if (named.isAddress() || host.equalsIgnoreCase(serverName) || configured.contains(host)) {
            return; // who uses an address means the server behind it
        }
        List<String> names = certified ? certificateNames(serverName) : List.of();
        if (!names.isEmpty() && names.stream().noneMatch(name -> matches(name, host))) {
            throw new RefusedException(Refusal.request(421, "authority is not this proxy"));
        }
    }

    /** An authority with or without port. */
    private static Target parse(String authority) throws RefusedException {
        try {
            boolean hasPort = authority.lastIndexOf(':') > authority.lastIndexOf(']');
            return Target.parse(hasPort ? authority : authority + ":443");
        } catch (MalformedException e) {
            throw new RefusedException(Refusal.malformed("authority is malformed"));
        }
    }

    private List<String> certificateNames(@Nullable String serverName) {
        X509Certificate certificate = identities.select(serverName).chain().get(0);
        Known last = known;
        if (last == null || !last.certificate.equals(certificate)) {
            last = new Known(certificate, namesOf(certificate));
            known = last;
        }
        return last.names;
    }

    private static List<String> namesOf(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.get(0).equals(2)) // dNSName, RFC 5280, 4.2.1.6
                            .map(name -> name.get(1).toString().toLowerCase(Locale.ROOT))
                            .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    private static boolean matches(String name, String host) {
        if (name.startsWith("*.")) {
            int dot = host.indexOf('.');
            return dot > 0 && host.substring(dot).equals(name.substring(1)); // one label, RFC 9525, 6.3
        }
        return name.equals(host);
    }
}
