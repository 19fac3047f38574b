package dev.masque.core.tls;

import dev.masque.core.WatchedFile;
import dev.masque.core.tls.IdentityException.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which raw public keys (RFC 7250) are trusted, and what their holders are called. Thread-safe. Several at once let a peer change
 * its key: first the new pin is added here, then the peer changes, then the old pin is left out.
 */
public final class RawKeyPins {
    @Nullable private final WatchedFile file;

    private volatile Map<RawKeyPin, String> names;

    private RawKeyPins(@Nullable WatchedFile file, Map<RawKeyPin, String> names) {
        this.file = file;
        this.names = names;
    }

    /**
     * Some pins.
     *
     * @param pins {@code sha256/<base64>}; each holder is called by its pin
     * @return trust in those keys
     * @throws IllegalArgumentException if there is none, or one is not a hash
     */
    public static RawKeyPins of(String... pins) {
        Map<RawKeyPin, String> names = new HashMap<>();
        for (String text : pins) {
            RawKeyPin pin = RawKeyPin.parse(text);
            names.put(pin, pin.toString());
        }
        return of(names);
    }

    /**
     * Pins and names.
     *
     * @param names what events and limits call the holder of each key; two keys of one holder may have the same
     * @return trust in those keys
     * @throws IllegalArgumentException if there is none, or a name is empty
     */
    public static RawKeyPins of(Map<RawKeyPin, String> names) {
        return new RawKeyPins(null, checked(names));
    }

    /**
     * The pins of a file, read again on {@link #reload}: on each line {@code sha256/<base64>}, and after a blank the name of the
     * holder if it is to have another than its pin. What follows {@code #}, and empty lines, are passed over.
     *
     * @param file text
     * @return trust in those keys
     * @throws IdentityException if the file cannot be read, or holds no pin or something else; the message says what
     */
    public static RawKeyPins fromFile(Path file) throws IdentityException {
        RawKeyPins pins = new RawKeyPins(new WatchedFile(file), Map.of());
        pins.reload();
        return pins;
    }

    /**
     * Takes other pins from now on. Sessions that stand stay.
     *
     * @param other as in {@link #of(Map)}
     * @throws IllegalArgumentException as in {@link #of(Map)}; the pins then stay as they were
     */
    public void replace(Map<RawKeyPin, String> other) {
        names = checked(other);
    }

    /**
     * Reads the file again if it has changed. Sessions that stand stay. Blocks.
     *
     * @return false if it is the same, or if they came from none
     * @throws IdentityException as in {@link #fromFile}; the pins then stay as they were, until it has changed once more
     */
    public boolean reload() throws IdentityException {
        if (file == null) {
            return false;
        }
        try {
            if (!file.hasChanged()) {
                return false;
            }
        } catch (IOException e) {
            throw IdentityException.unreadable(file.path(), e);
        }
        names = checked(read(file.path()));
        return true;
    }

    /**
     * Whether a key is trusted.
     *
     * @param pin of a key
     * @return true if so
     */
    public boolean trusts(RawKeyPin pin) {
        return names.containsKey(pin);
    }

    /**
     * Whose key it is.
     *
     * @param pin of a key
     * @return the name of the holder; empty if the key is not trusted
     */
    public Optional<String> nameOf(RawKeyPin pin) {
        return Optional.ofNullable(names.get(pin));
    }

    private static Map<RawKeyPin, String> checked(Map<RawKeyPin, String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("no pin");
        }
        if (names.containsValue("")) {
            throw new IllegalArgumentException("a pin without a name");
        }
        return Map.copyOf(names);
    }

    private static Map<RawKeyPin, String> read(Path file) throws IdentityException {
        Map<RawKeyPin, String> names = new HashMap<>();
        int number = 0;
        try {
            for (String line : Files.readAllLines(file)) {
                number++;
                int comment = line.indexOf('#');
                String[] words = (comment < 0 ? line : line.substring(0, comment))
                        .strip()
                        .split("\\s+", 2);
                if (!words[0].isEmpty()) {
                    RawKeyPin pin = RawKeyPin.parse(words[0]);
                    names.put(pin, words.length > 1 ? words[1] : pin.toString());
                }
            }
        } catch (IOException e) {
            throw IdentityException.unreadable(file, e);
        } catch (IllegalArgumentException e) {
            throw new IdentityException(
                    Problem.KEY, "line " + number + " of " + file + " has no pin: sha256/<base64 of 32 bytes>", e);
        }
        if (names.isEmpty()) {
            throw new IdentityException(Problem.KEY, "no pin in " + file, null);
        }
        return names;
    }

    /** The number alone. */
    @Override
    public String toString() {
        return "RawKeyPins[" + names.size() + "]";
    }
}
