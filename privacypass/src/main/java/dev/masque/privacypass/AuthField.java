package dev.masque.privacypass;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes an authentication field apart into schemes and their parameters. RFC 9110, 11.2 to 11.6. Reads once from left to
 * right; unquoted values may hold padding. For one thread.
 */
final class AuthField {
    /** The longest field that is looked at, in characters. */
    static final int MAX_LENGTH = 1 << 20;

    /** The most parameters, and the most schemes, that are looked at. */
    static final int MAX_PARTS = 1000;

    /** One scheme of a field with its parameters, names in lower case. */
    static final class Part {
        final String scheme;
        final Map<String, String> parameters = new LinkedHashMap<>();

        /** Whether a parameter came more than once: which one counts is then anybody's guess. */
        boolean repeated;

        Part(String scheme) {
            this.scheme = scheme;
        }

        boolean is(String name) {
            return scheme.equalsIgnoreCase(name);
        }

        @Nullable String get(String name) {
            return parameters.get(name);
        }
    }

    private final String field;
    private final List<Part> parts = new ArrayList<>();
    private int at;
    private int count;

    private AuthField(String field) {
        this.field = field;
    }

    static List<Part> parse(String field) throws MalformedException {
        if (field.length() > MAX_LENGTH) {
            throw new MalformedException("a field that is too long");
        }
        return new AuthField(field).parts();
    }

    private List<Part> parts() throws MalformedException {
        for (skip(true); at < field.length(); skip(true)) {
            int start = at;
            while (at < field.length() && isToken(field.charAt(at))) {
                at++;
            }
            if (at == start) {
                throw new MalformedException("neither a scheme nor a parameter");
            }
            String name = field.substring(start, at);
            skip(false);
            if (at < field.length() && field.charAt(at) == '=') {
                parameter(name.toLowerCase(Locale.ROOT));
            } else {
                scheme(name);
            }
        }
        return parts;
    }

    private void scheme(String name) throws MalformedException {
        if (parts.size() == MAX_PARTS) {
            throw new MalformedException("too many schemes");
        }
        parts.add(new Part(name));
        int end = at;
        while (end < field.length() && isToken68(field.charAt(end))) {
            end++;
        }
        while (end > at && end < field.length() && field.charAt(end) == '=') {
            end++;
        }
        int next = end;
        while (next < field.length() && isSpace(field.charAt(next))) {
            next++;
        }
        if (next == field.length() || field.charAt(next) == ',') {
            at = next; // a token68, or nothing
        }
    }

    private void parameter(String name) throws MalformedException {
        if (parts.isEmpty()) {
            throw new MalformedException("a parameter without a scheme");
        }
        if (++count > MAX_PARTS) {
            throw new MalformedException("too many parameters");
        }
        at++;
        skip(false);
        String value = at < field.length() && field.charAt(at) == '"' ? quoted() : unquoted();
        Part part = parts.get(parts.size() - 1);
        if (part.parameters.putIfAbsent(name, value) != null) {
            part.repeated = true;
        }
    }

    private String unquoted() {
        int start = at;
        while (at < field.length() && field.charAt(at) != ',' && !isSpace(field.charAt(at))) {
            at++;
        }
        return field.substring(start, at);
    }

    private String quoted() throws MalformedException {
        StringBuilder value = new StringBuilder();
        for (at++; at < field.length(); at++) {
            char c = field.charAt(at);
            if (c == '"') {
                at++;
                return value.toString();
            }
            if (c == '\\' && ++at < field.length()) {
                c = field.charAt(at);
            }
            value.append(c);
        }
        throw new MalformedException("a quotation that does not end");
    }

    private void skip(boolean commas) {
        while (at < field.length() && (isSpace(field.charAt(at)) || commas && field.charAt(at) == ',')) {
            at++;
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isToken(char c) {
        return isAlphanumeric(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    private static boolean isToken68(char c) {
        return isAlphanumeric(c) || "-._~+/".indexOf(c) >= 0;
    }

    private static boolean isAlphanumeric(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
