package dev.masque.geohash;

import dev.masque.geohash.MalformedGeoException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The textual form of keys, RFC 7468. What stands outside the blocks is passed over. */
final class Pem {
    private static final int LINE = 64;

    private Pem() {}

    /** One block. */
    static String write(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(content)
                + "\n-----END " + label + "-----\n";
    }

    /** The contents of all blocks of a label; those of other labels are passed over. */
    static List<byte[]> read(String label, String text, int maxCharacters, int maxBlocks) throws MalformedGeoException {
        if (text.length() > maxCharacters) {
            throw new MalformedGeoException(Reason.TOO_LONG, "more than " + maxCharacters + " characters of keys");
        }
        List<byte[]> blocks = new ArrayList<>();
        StringBuilder content = null;
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.equals("-----BEGIN " + label + "-----")) {
                if (content != null || blocks.size() == maxBlocks) {
                    throw syntax();
                }
                content = new StringBuilder();
            } else if (line.equals("-----END " + label + "-----")) {
                if (content == null) {
                    throw syntax();
                }
                blocks.add(decode(content.toString()));
                content = null;
            } else if (content != null) {
                content.append(line);
            }
        }
        if (content != null) {
            throw syntax();
        }
        return blocks;
    }

    private static byte[] decode(String content) throws MalformedGeoException {
        try {
            return Base64.getDecoder().decode(content);
        } catch (IllegalArgumentException e) {
            throw syntax();
        }
    }

    private static MalformedGeoException syntax() {
        return new MalformedGeoException(Reason.SYNTAX, "not a list of at most the allowed number of keys in PEM");
    }
}
