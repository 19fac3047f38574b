package dev.masque.ohttp.bhttp;

import java.util.Locale;

/**
 * A field line, RFC 9292, section 3.6. Immutable; its {@code toString} keeps the value to itself.
 *
 * @param name a token, put into lower case; no pseudo-field
 * @param value characters up to U+00FF, each one byte; no control characters but tab, no white space around it
 */
public record Field(String name, String value) {
    /**
     * Checks the characters.
     *
     * @throws IllegalArgumentException if name or value has one that it cannot have
     */
    public Field {
        Characters.fieldName(name);
        Characters.fieldValue(value);
        name = name.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return name;
    }
}
