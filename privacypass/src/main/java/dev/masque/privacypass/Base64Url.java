package dev.masque.privacypass;

import java.util.Base64;

/** Base64 as Privacy Pass writes it (URL alphabet, padded), read as generously as others write it. Stateless. */
final class Base64Url {
    private Base64Url() {}

    static String encode(Bytes value) {
        return Base64.getUrlEncoder().encodeToString(value.toArray());
    }

    /** Reads either alphabet, padded or not. */
    static Bytes decode(String text) throws MalformedException {
        int end = text.length();
        while (end > 0 && text.length() - end < 2 && text.charAt(end - 1) == '=') {
            end--;
        }
        try {
            return Bytes.copyOf(Base64.getUrlDecoder()
                    .decode(text.substring(0, end).replace('+', '-').replace('/', '_')));
        } catch (IllegalArgumentException e) {
            throw new MalformedException("not base64");
        }
    }
}
