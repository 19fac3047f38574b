package dev.masque.cli;

import dev.masque.privacypass.MalformedException;
import dev.masque.privacypass.PrivateTokenChallenge;
import dev.masque.privacypass.PrivateTokenCredentials;
import dev.masque.privacypass.Token;
import dev.masque.privacypass.TokenChallenge;
import dev.masque.privacypass.TokenType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tokens and challenges as people have them: whole fields with their names, what stands in them, or the base64 alone. */
final class TokenText {
    private static final int MOST = 1 << 20;
    private static final Pattern NAME = Pattern.compile(
            "^\\s*(proxy-)?(authorization|authenticate)\\s*:|^\\s*www-authenticate\\s*:", Pattern.CASE_INSENSITIVE);
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]+={0,2}");

    private TokenText() {}

    /** What was given, or standard input where that is nothing or a dash. */
    static String read(@Nullable String argument) throws IOException {
        String text = argument;
        if (text == null || text.equals("-")) {
            byte[] bytes = System.in.readNBytes(MOST + 1);
            if (bytes.length > MOST) {
                throw new IOException("more than 1 MiB to read");
            }
            text = new String(bytes, StandardCharsets.UTF_8);
        }
        return NAME.matcher(text).replaceFirst("").strip();
    }

    static Optional<Token> token(String text) {
        try {
            return PrivateTokenCredentials.parse(
                    BASE64.matcher(text).matches() ? PrivateTokenChallenge.SCHEME + " token=\"" + text + '"' : text);
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /** The challenges of this scheme, perhaps none. Base64 alone has to be one, of whatever type. */
    static List<PrivateTokenChallenge> challenges(String text) throws MalformedException {
        if (!BASE64.matcher(text).matches()) {
            return PrivateTokenChallenge.parse(text);
        }
        return PrivateTokenChallenge.parse(PrivateTokenChallenge.SCHEME + " challenge=\"" + text + '"').stream()
                .filter(TokenText::hasItsStructure)
                .toList();
    }

    private static boolean hasItsStructure(PrivateTokenChallenge one) {
        try {
            return !one.challenge().issuerName().isEmpty();
        } catch (MalformedException e) {
            return false;
        }
    }

    /** The first challenge that can be answered, of a type if one is wanted. */
    static TokenChallenge answerable(List<PrivateTokenChallenge> challenges, @Nullable TokenType wanted)
            throws IOException, MalformedException {
        for (PrivateTokenChallenge one : challenges) {
            if (wanted == null ? one.type().known() : one.type().equals(wanted)) {
                return one.challenge();
            }
        }
        throw new IOException(
                challenges.isEmpty()
                        ? "no PrivateToken challenge there"
                        : "no challenge for a token of " + (wanted == null ? "a known type" : "type " + wanted));
    }
}
