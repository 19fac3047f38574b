package dev.masque.ohttp.bhttp;

import java.util.BitSet;

/** The characters that the parts of a message may have. Messages name the part, never what it held. */
final class Characters {
    private static final BitSet DIGITS_AND_LETTERS =
            set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    // RFC 9110, 5.6.2
    private static final BitSet TOKEN = with(DIGITS_AND_LETTERS, "!#$%&'*+-.^_`|~");
    // RFC 3986, 3.1
    private static final BitSet SCHEME = with(DIGITS_AND_LETTERS, "+-.");
    // RFC 3986, 3.2.2 and 3.2.3; no userinfo: RFC 9113, 8.3.1
    private static final BitSet AUTHORITY = with(DIGITS_AND_LETTERS, "-._~%!$&'()*+,;=:[]");

    private Characters() {}

    private static BitSet set(String characters) {
        BitSet set = new BitSet(128);
        characters.chars().forEach(set::set);
        return set;
    }

    private static BitSet with(BitSet set, String more) {
        BitSet all = set(more);
        all.or(set);
        return all;
    }

    private static void check(String text, BitSet allowed, String part) {
        for (int i = 0; i < text.length(); i++) {
            if (!allowed.get(text.charAt(i))) {
                throw new IllegalArgumentException("a character that a " + part + " cannot have");
            }
        }
    }

    static void method(String method) {
        require(!method.isEmpty(), "a method is empty");
        check(method, TOKEN, "method");
    }

    static void scheme(String scheme) {
        require(!scheme.isEmpty() && Character.isLetter(scheme.charAt(0)), "a scheme does not begin with a letter");
        check(scheme, SCHEME, "scheme");
    }

    static void authority(String authority) {
        check(authority, AUTHORITY, "authority");
    }

    /** A path with its query: visible ASCII without the fragment's mark, wider than RFC 3986 since browsers are. */
    static void path(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            require(c > 0x20 && c < 0x7f && c != '#', "a character that a path cannot have");
        }
    }

    /** Refuses pseudo-fields too, all of them: a colon is in no field name. */
    static void fieldName(String name) {
        require(!name.isEmpty(), "a field name is empty");
        check(name, TOKEN, "field name");
    }

    /** RFC 9113, 8.2.1, and no other control characters: RFC 9110, 5.5. */
    static void fieldValue(String value) {
        int length = value.length();
        require(
                length == 0 || !blank(value.charAt(0)) && !blank(value.charAt(length - 1)),
                "white space around a field value");
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            require(c >= 0x20 && c != 0x7f && c <= 0xff || c == '\t', "a character that a field value cannot have");
        }
    }

    private static boolean blank(char c) {
        return c == ' ' || c == '\t';
    }

    static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
