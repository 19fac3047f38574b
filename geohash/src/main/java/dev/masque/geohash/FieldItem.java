package dev.masque.geohash;

import dev.masque.geohash.MalformedGeoException.Reason;

/** Reads a field value that holds one structured field item, RFC 9651: enough of the grammar to pass over parameters. */
final class FieldItem {
    private static final String TOKEN_MORE = "!#$%&'*+-.^_`|~:/";
    private static final String BASE64_MORE = "+/=";

    private final String text;
    private int at;

    FieldItem(String text) {
        this.text = text;
    }

    /** A field value without the white space around it. */
    static String trim(String value, int limit) throws MalformedGeoException {
        if (value.length() > limit) {
            throw new MalformedGeoException(Reason.TOO_LONG, "more than " + limit + " characters");
        }
        int from = 0;
        int to = value.length();
        while (from < to && isSpace(value.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(value.charAt(to - 1))) {
            to--;
        }
        if (from == to) {
            throw new MalformedGeoException(Reason.EMPTY, "an empty field value");
        }
        return value.substring(from, to);
    }

    boolean startsWith(char c) {
        return text.charAt(0) == c;
    }

    /** RFC 9651, 3.3.3: what stands between quotes. */
    String string() throws MalformedGeoException {
        expect('"');
        StringBuilder value = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '"') {
                return value.toString();
            }
            if (c == '\\') {
                c = next();
                if (c != '"' && c != '\\') {
                    throw syntax();
                }
            } else if (c < ' ' || c > '~') {
                throw syntax();
            }
            value.append(c);
        }
    }

    /** RFC 9651, 3.3.5: what stands between colons, not yet decoded. */
    String byteSequence() throws MalformedGeoException {
        expect(':');
        String value = run(BASE64_MORE);
        expect(':');
        return value;
    }

    /** What comes before the parameters, if the value is neither in quotes nor between colons. */
    String bare() {
        int end = text.indexOf(';', at);
        String value = text.substring(at, end < 0 ? text.length() : end);
        at += value.length();
        return value;
    }

    /** Passes over the parameters, RFC 9651, 3.1.2, up to the end: whoever does not know one ignores it. */
    void parametersToEnd() throws MalformedGeoException {
        while (at < text.length()) {
            expect(';');
            while (at < text.length() && text.charAt(at) == ' ') {
                at++;
            }
            char first = next();
            if (first != '*' && (first < 'a' || first > 'z')) {
                throw syntax();
            }
            while (at < text.length() && isKey(text.charAt(at))) {
                at++;
            }
            if (at < text.length() && text.charAt(at) == '=') {
                at++;
                value();
            }
        }
    }

    private void value() throws MalformedGeoException {
        char first = peek();
        if (first == '"') {
            string();
        } else if (first == ':') {
            byteSequence();
        } else if (first == '?') {
            at++;
            if ("01".indexOf(next()) < 0) {
                throw syntax();
            }
        } else if (first == '@') {
            at++;
            number(false);
        } else if (first == '%') {
            at++;
            displayString();
        } else if (first == '-' || isDigit(first)) {
            number(true);
        } else if (first == '*' || isLetter(first)) {
            run(TOKEN_MORE);
        } else {
            throw syntax();
        }
    }

    /** RFC 9651, 4.2.10: its escapes begin with a percent sign, and a backslash is none. */
    private void displayString() throws MalformedGeoException {
        expect('"');
        int hex = 0;
        for (char c = next(); c != '"'; c = next()) {
            if (c < ' ' || c > '~' || hex > 0 && !isHex(c)) {
                throw syntax();
            }
            hex = c == '%' ? 2 : Math.max(0, hex - 1);
        }
        if (hex > 0) {
            throw syntax();
        }
    }

    /** RFC 9651, 4.2.4: at most 15 digits, or 12 before the point and 3 after it. */
    private void number(boolean decimal) throws MalformedGeoException {
        if (peek() == '-') {
            at++;
        }
        int whole = digits();
        if (decimal && at < text.length() && text.charAt(at) == '.') {
            at++;
            int fraction = digits();
            if (whole > 12 || fraction > 3) {
                throw syntax();
            }
        } else if (whole > 15) {
            throw syntax();
        }
    }

    private int digits() throws MalformedGeoException {
        int from = at;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        if (at == from) {
            throw syntax();
        }
        return at - from;
    }

    private String run(String more) {
        int from = at;
        while (at < text.length()
                && (isLetter(text.charAt(at)) || isDigit(text.charAt(at)) || more.indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        return text.substring(from, at);
    }

    private void expect(char c) throws MalformedGeoException {
        if (next() != c) {
            throw syntax();
        }
    }

    private char peek() throws MalformedGeoException {
        if (at == text.length()) {
            throw syntax();
        }
        return text.charAt(at);
    }

    private char next() throws MalformedGeoException {
        char c = peek();
        at++;
        return c;
    }

    private static boolean isKey(char c) {
        return c >= 'a' && c <= 'z' || isDigit(c) || c == '_' || c == '-' || c == '.' || c == '*';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isHex(char c) {
        return isDigit(c) || c >= 'a' && c <= 'f';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    private static MalformedGeoException syntax() {
        return new MalformedGeoException(Reason.SYNTAX, "not a structured field item");
    }
}
