package dev.masque.core.spi;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An ordered list of header fields, RFC 9110, section 5. Immutable. Names are lower case; names and values are checked,
 * so that no CR, LF, NUL or other control character can pass through one.
 */
public final class HeaderFields implements Iterable<HeaderFields.Field> {
    private static final HeaderFields EMPTY = new HeaderFields(List.of());

    private final List<Field> fields;

    private HeaderFields(List<Field> fields) {
        this.fields = fields;
    }

    /**
     * One field line.
     *
     * @param name a token, lower case
     * @param value visible ASCII, space, tab and obs-text (U+0080 to U+00FF)
     */
    public record Field(String name, String value) {
        /** Checks both parts. */
        public Field {
            checkName(name);
            checkValue(value);
        }

        /** The name alone: values may be credentials. */
        @Override
        public String toString() {
            return name + ": (" + value.length() + " characters)";
        }
    }

    /**
     * No fields.
     *
     * @return the empty list
     */
    public static HeaderFields empty() {
        return EMPTY;
    }

    /**
     * Fields from names and values.
     *
     * @param namesAndValues name, value, name, value, ...; names in any case
     * @return the fields in that order
     * @throws IllegalArgumentException if a name is without value, or one of them is not legal
     */
    public static HeaderFields of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a field name without a value");
        }
        Builder builder = builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    /**
     * Starts an empty list.
     *
     * @return a builder, for one thread
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The first value of a field.
     *
     * @param name the field name, lower case
     * @return the value of its first line, or null if there is none
     */
    @Nullable public String first(String name) {
        for (Field field : fields) {
            if (field.name.equals(name)) {
                return field.value;
            }
        }
        return null;
    }

    /**
     * All values of a field.
     *
     * @param name the field name, lower case
     * @return the values in order, empty if there is none
     */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(1);
        for (Field field : fields) {
            if (field.name.equals(name)) {
                values.add(field.value);
            }
        }
        return values;
    }

    /**
     * Whether a field is there.
     *
     * @param name the field name, lower case
     * @return true if there is at least one line of it
     */
    public boolean contains(String name) {
        return first(name) != null;
    }

    /**
     * How many field lines there are.
     *
     * @return the number of lines
     */
    public int size() {
        return fields.size();
    }

    @Override
    public Iterator<Field> iterator() {
        return fields.iterator();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HeaderFields that && fields.equals(that.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    @Override
    public String toString() {
        return fields.toString();
    }

    private static void checkName(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("empty field name");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean tchar = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
            if (!tchar) {
                throw new IllegalArgumentException("field name has an illegal character at " + i); // RFC 9110, 5.1
            }
        }
    }

    private static void checkValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' && c != '\t' || c == 0x7f || c > 0xff) {
                throw new IllegalArgumentException("field value has an illegal character at " + i); // RFC 9110, 5.5
            }
        }
        if (!value.isEmpty() && (isBlank(value.charAt(0)) || isBlank(value.charAt(value.length() - 1)))) {
            throw new IllegalArgumentException("field value starts or ends with white space");
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** Collects fields. Not thread-safe. */
    public static final class Builder {
        private final List<Field> fields = new ArrayList<>();

        private Builder() {}

        /**
         * Appends a field line.
         *
         * @param name the field name, in any case
         * @param value the field value
         * @return this builder
         * @throws IllegalArgumentException if one of them is not legal in HTTP
         */
        public Builder add(String name, String value) {
            fields.add(new Field(name.toLowerCase(Locale.ROOT), value));
            return this;
        }

        /**
         * Appends all lines of another list.
         *
         * @param others the fields to append
         * @return this builder
         */
        public Builder addAll(HeaderFields others) {
            fields.addAll(others.fields);
            return this;
        }

        /**
         * The collected fields.
         *
         * @return an immutable list
         */
        public HeaderFields build() {
            return fields.isEmpty() ? EMPTY : new HeaderFields(List.copyOf(fields));
        }
    }
}
