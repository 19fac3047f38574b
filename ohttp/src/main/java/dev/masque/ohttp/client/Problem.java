package dev.masque.ohttp.client;

import org.jspecify.annotations.Nullable;

/** The type of a problem (RFC 9457) in its JSON, found without building the rest. */
final class Problem {
    static final String MEDIA_TYPE = "application/problem+json";
    static final String DATE = "https://iana.org/assignments/http-problem-types#date"; // RFC 9458, 6.5.2
    static final String KEY = "https://iana.org/assignments/http-problem-types#ohttp-key"; // RFC 9458, 5.3
    /** How much of a problem is looked at, in bytes. */
    static final int LARGEST = 8 << 10;

    private final String json;
    private int at;

    private Problem(String json) {
        this.json = json;
    }

    /** The value of the member {@code type}; null if there is none, or no object. */
    static @Nullable String type(String json) {
        Problem reader = new Problem(json);
        int brace = json.indexOf('{');
        if (brace < 0 || !json.substring(0, brace).isBlank()) {
            return null;
        }
        reader.at = brace + 1;
        int depth = 1;
        boolean name = true;
        while (reader.at < json.length() && depth > 0) {
            char c = json.charAt(reader.at++);
            switch (c) {
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                case ',' -> name = depth == 1;
                case '"' -> {
                    String text = reader.string();
                    if (depth == 1 && name && "type".equals(text)) {
                        return reader.value();
                    }
                    name = false;
                }
                default -> {}
            }
        }
        return null;
    }

    /** The string after a colon, null if it is another value. */
    private @Nullable String value() {
        int colon = json.indexOf(':', at);
        int quote = json.indexOf('"', at);
        if (colon < 0 || quote < colon || !(json.substring(at, colon) + json.substring(colon + 1, quote)).isBlank()) {
            return null;
        }
        at = quote + 1;
        return string();
    }

    /** The rest of a string whose quotation mark was read; null if it does not end or has an escape other than of a slash. */
    private @Nullable String string() {
        StringBuilder text = new StringBuilder();
        boolean plain = true;
        while (at < json.length()) {
            char c = json.charAt(at++);
            if (c == '"') {
                return plain ? text.toString() : null;
            }
            if (c == '\\' && at < json.length()) {
                c = json.charAt(at++);
                plain &= c == '/';
            }
            text.append(c);
        }
        return null;
    }
}
