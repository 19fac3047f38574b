package dev.masque.core.http3;

import dev.masque.core.spi.HeaderFields;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A decoded field section, taken apart and checked, RFC 9114, 4.2 and 4.3. For one thread. */
final class FieldSection {
    private final Map<String, String> pseudo = new HashMap<>();
    private final HeaderFields.Builder fields = HeaderFields.builder();
    private int asked;

    @Nullable private String host;

    FieldSection(List<Map.Entry<String, String>> section) throws H3Exception {
        boolean regular = false;
        for (Map.Entry<String, String> field : section) {
            String name = field.getKey();
            String value = field.getValue();
            if (name.startsWith(":")) {
                if (regular || !HeadRules.isVisible(value) || pseudo.put(name, value) != null) {
                    throw H3Exception.malformed("a pseudo-header field late, twice, empty or with illegal characters");
                }
                continue;
            }
            regular = true;
            if (!name.equals(name.toLowerCase(Locale.ROOT))) {
                throw H3Exception.malformed("a field name with capitals");
            }
            if (HeadRules.isOfConnection(name) || name.equals("te") && !value.equals("trailers")) {
                throw H3Exception.malformed("a field of another kind of connection");
            }
            if (name.equals("host")) {
                if (host != null || value.isEmpty()) {
                    throw H3Exception.malformed("host twice or empty");
                }
                host = value;
                continue;
            }
            try {
                fields.add(name, value);
            } catch (IllegalArgumentException e) {
                throw H3Exception.malformed("a field is not legal", e);
            }
        }
    }

    @Nullable String pseudo(String name) {
        String value = pseudo.get(name);
        asked += value == null ? 0 : 1;
        return value;
    }

    String require(String name) throws H3Exception {
        String value = pseudo(name);
        if (value == null) {
            throw H3Exception.malformed("a pseudo-header field is missing");
        }
        return value;
    }

    /** Checks that there is no pseudo-header field but those that were asked for. */
    void checkAllKnown(int atMost) throws H3Exception {
        if (pseudo.size() > asked || pseudo.size() > atMost) {
            throw H3Exception.malformed("an unknown pseudo-header field");
        }
    }

    @Nullable String host() {
        return host;
    }

    /** The fields without Host. */
    HeaderFields fields() {
        return fields.build();
    }

    /** The fields of a response, where Host is a field like others. */
    HeaderFields responseFields() throws H3Exception {
        if (host == null) {
            return fields.build();
        }
        try {
            return fields.add("host", host).build();
        } catch (IllegalArgumentException e) {
            throw H3Exception.malformed("a field is not legal", e);
        }
    }
}
