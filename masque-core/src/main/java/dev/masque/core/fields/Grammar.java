package dev.masque.core.fields;

/** Characters of structured fields, RFC 9651, section 4. */
final class Grammar {
    private Grammar() {}

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    static boolean isAlpha(char c) {
        return isLower(c) || c >= 'A' && c <= 'Z';
    }

    static boolean isKeyStart(char c) {
        return isLower(c) || c == '*';
    }

    static boolean isKeyCharacter(char c) {
        return isLower(c) || isDigit(c) || c == '_' || c == '-' || c == '.' || c == '*';
    }

    static boolean isTokenStart(char c) {
        return isAlpha(c) || c == '*';
    }

    static boolean isTokenCharacter(char c) {
        return isAlpha(c) || isDigit(c) || "!#$%&'*+-.^_`|~:/".indexOf(c) >= 0;
    }

    static boolean isKey(String key) {
        return !key.isEmpty() && isKeyStart(key.charAt(0)) && key.chars().allMatch(c -> isKeyCharacter((char) c));
    }

    static boolean isToken(String token) {
        return !token.isEmpty()
                && isTokenStart(token.charAt(0))
                && token.chars().allMatch(c -> isTokenCharacter((char) c));
    }
}
