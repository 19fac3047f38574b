package dev.masque.server.auth;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.security.auth.x500.X500Principal;

/**
 * Whose certificates are let in, among those that TLS has found to be trusted: by a name in it. For
 * {@link Authenticators#clientCertificate}; the holder is called by the name that matched. Immutable.
 *
 * <p>A rule is one of {@code dns:a.example}, {@code dns:*.example} (every name below), {@code uri:spiffe://example/a}, {@code
 * uri:spiffe://example/*} (whatever begins so), {@code email:ops@a.example}, {@code ip:192.0.2.1}, which look at the subject
 * alternative names (RFC 5280, 4.2.1.6), {@code subject:CN=a,O=Example} (the whole subject), and {@code subject:*,O=Example} (every
 * subject that ends so).
 *
 * <pre>{@code
 * Authenticators.clientCertificate(CertificateRules.anyOf("dns:*.proxies.example", "subject:CN=old proxy,O=Example"));
 * }</pre>
 */
public final class CertificateRules implements Function<X509Certificate, Optional<String>> {
    /** The kinds of RFC 5280, 4.2.1.6 that are looked at. */
    private static final Map<String, Integer> KINDS = Map.of("email", 1, "dns", 2, "uri", 6, "ip", 7);

    private static final String BELOW = "*,";

    private final List<Function<X509Certificate, Optional<String>>> rules;
    private final Predicate<X509Certificate> refused;

    private CertificateRules(
            List<Function<X509Certificate, Optional<String>>> rules, Predicate<X509Certificate> refused) {
        this.rules = List.copyOf(rules);
        this.refused = refused;
    }

    /**
     * Lets in whoever one of some rules names.
     *
     * @param rules at least one
     * @return the rules
     * @throws IllegalArgumentException if there is none, or one is no rule
     */
    public static CertificateRules anyOf(Collection<String> rules) {
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("no rule");
        }
        return new CertificateRules(rules.stream().map(CertificateRules::rule).toList(), certificate -> false);
    }

    /**
     * Lets in whoever one of some rules names.
     *
     * @param rules at least one
     * @return the rules
     * @throws IllegalArgumentException if there is none, or one is no rule
     */
    public static CertificateRules anyOf(String... rules) {
        return anyOf(List.of(rules));
    }

    /**
     * Lets in every certificate that TLS has found to be trusted, by its subject.
     *
     * @return the rules
     */
    public static CertificateRules anybody() {
        return new CertificateRules(
                List.of(certificate ->
                        Optional.of(certificate.getSubjectX500Principal().getName())),
                certificate -> false);
    }

    /**
     * The same without some certificates.
     *
     * @param more tells which, asked for every tunnel; must not block. Such as {@code ReloadableTrust::isRevoked}
     * @return a copy
     */
    public CertificateRules unless(Predicate<X509Certificate> more) {
        return new CertificateRules(rules, refused.or(more));
    }

    @Override
    public Optional<String> apply(X509Certificate certificate) {
        if (refused.test(certificate)) {
            return Optional.empty();
        }
        return rules.stream().flatMap(rule -> rule.apply(certificate).stream()).findFirst();
    }

    private static Function<X509Certificate, Optional<String>> rule(String text) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? "" : text.substring(0, colon);
        String value = text.substring(colon + 1).strip();
        Integer type = KINDS.get(kind);
        boolean subject = kind.equals("subject");
        if (value.isEmpty() || value.equals(BELOW) || type == null && !subject) {
            throw new IllegalArgumentException("no rule for certificates: " + text);
        }
        if (type == null) {
            return value.startsWith(BELOW) ? below(value.substring(BELOW.length())) : whole(value);
        }
        Predicate<String> matches = kind.equals("ip") ? address(value) : name(kind, value);
        return certificate ->
                alternatives(certificate, type).stream().filter(matches).findFirst();
    }

    private static Function<X509Certificate, Optional<String>> whole(String subject) {
        X500Principal wanted = new X500Principal(subject);
        return certificate -> Optional.of(certificate.getSubjectX500Principal())
                .filter(wanted::equals)
                .map(X500Principal::getName);
    }

    private static Function<X509Certificate, Optional<String>> below(String end) {
        String suffix = "," + new X500Principal(end).getName(X500Principal.CANONICAL);
        return certificate -> {
            X500Principal subject = certificate.getSubjectX500Principal();
            String canonical = subject.getName(X500Principal.CANONICAL);
            boolean matches = canonical.endsWith(suffix) && !isEscaped(canonical, canonical.length() - suffix.length());
            return matches ? Optional.of(subject.getName()) : Optional.empty();
        };
    }

    /** A comma inside of a value, rather than between two. */
    private static boolean isEscaped(String text, int at) {
        int slashes = 0;
        while (slashes < at && text.charAt(at - 1 - slashes) == '\\') {
            slashes++;
        }
        return slashes % 2 == 1;
    }

    private static Predicate<String> name(String kind, String value) {
        if (kind.equals("uri")) {
            return value.endsWith("/*")
                    ? shown -> shown.startsWith(value.substring(0, value.length() - 1))
                    : value::equals;
        }
        String lower = value.toLowerCase(Locale.ROOT);
        return kind.equals("dns") && lower.startsWith("*.")
                ? shown -> shown.toLowerCase(Locale.ROOT).endsWith(lower.substring(1))
                : lower::equalsIgnoreCase;
    }

    private static Predicate<String> address(String value) {
        InetAddress wanted = literal(value).orElseThrow(() -> new IllegalArgumentException("no address: " + value));
        return shown -> literal(shown).filter(wanted::equals).isPresent();
    }

    /** Without a look-up. */
    private static Optional<InetAddress> literal(String text) {
        try {
            return text.matches("[0-9a-fA-F:.]+") && (text.indexOf(':') >= 0 || text.matches("[0-9.]+"))
                    ? Optional.of(InetAddress.getByName(text))
                    : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static List<String> alternatives(X509Certificate certificate, Integer type) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                for (List<?> each : all) {
                    if (type.equals(each.get(0)) && each.get(1) instanceof String name) {
                        names.add(name);
                    }
                }
            }
            return names;
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }
}
