package dev.masque.privacypass.attest;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a client shows of itself. For the attester alone: nothing of it goes on to the issuer.
 *
 * @param fields the header fields of its request; names are found whatever their case
 * @param certificates the certificates that it showed in TLS and that were checked, its own first; none if it showed none
 */
public record Evidence(Map<String, List<String>> fields, List<X509Certificate> certificates) {
    /** Copies both. */
    public Evidence {
        Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(fields);
        fields = copy;
        certificates = List.copyOf(certificates);
    }

    /**
     * The credentials of a scheme.
     *
     * @param scheme its name, whatever the case
     * @return what follows the name in {@code Authorization}, if the field is there once and is of the scheme
     */
    public Optional<String> credentials(String scheme) {
        List<String> values = fields.getOrDefault("Authorization", List.of());
        if (values.size() != 1) {
            return Optional.empty();
        }
        String value = values.get(0).strip();
        int space = value.indexOf(' ');
        return space > 0 && value.substring(0, space).equalsIgnoreCase(scheme)
                ? Optional.of(value.substring(space).strip())
                : Optional.empty();
    }

    /** Nothing of what the client showed. */
    @Override
    public String toString() {
        return "Evidence[]";
    }
}
