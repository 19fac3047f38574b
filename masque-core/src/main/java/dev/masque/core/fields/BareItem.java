package dev.masque.core.fields;

import dev.masque.core.Bytes;
import java.math.BigDecimal;

/** A value of a structured field without parameters, RFC 9651, section 3.3. */
public sealed interface BareItem {
    /**
     * An integer.
     *
     * @param value -999,999,999,999,999 to 999,999,999,999,999
     */
    record IntegerItem(long value) implements BareItem {
        private static final long MAX = 999_999_999_999_999L;

        /** Checks the range. */
        public IntegerItem {
            if (value < -MAX || value > MAX) {
                throw new IllegalArgumentException("integer has more than 15 digits");
            }
        }
    }

    /**
     * A decimal.
     *
     * @param value 12 integer digits at most; rounded to 3 fractional ones when serialised
     */
    record DecimalItem(BigDecimal value) implements BareItem {
        /** Drops trailing zeros, so that equal numbers are equal items. */
        public DecimalItem {
            value = value.stripTrailingZeros();
        }
    }

    /**
     * A string.
     *
     * @param value printable ASCII
     */
    record StringItem(String value) implements BareItem {
        /** Checks the characters. */
        public StringItem {
            if (!value.chars().allMatch(c -> c >= 0x20 && c <= 0x7e)) {
                throw new IllegalArgumentException("string is not printable ASCII");
            }
        }
    }

    /**
     * A token.
     *
     * @param value a letter or {@code *}, then token characters, {@code :} or {@code /}
     */
    record TokenItem(String value) implements BareItem {
        /** Checks the characters. */
        public TokenItem {
            if (!Grammar.isToken(value)) {
                throw new IllegalArgumentException("not a token");
            }
        }
    }

    /**
     * A byte sequence.
     *
     * @param value the bytes
     */
    record BytesItem(Bytes value) implements BareItem {}

    /**
     * A boolean.
     *
     * @param value true for {@code ?1}
     */
    record BooleanItem(boolean value) implements BareItem {}

    /**
     * A date.
     *
     * @param seconds since 1970-01-01T00:00:00Z, in the range of an integer
     */
    record DateItem(long seconds) implements BareItem {
        /** Checks the range. */
        public DateItem {
            new IntegerItem(seconds);
        }
    }

    /**
     * A display string.
     *
     * @param value any Unicode text
     */
    record DisplayItem(String value) implements BareItem {}
}
