package dev.masque.ohttp.bhttp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A header or trailer section: field lines in their order, RFC 9292, section 3.6. Immutable. */
public final class Fields implements Iterable<Field> {
    private static final Fields EMPTY = new Fields(List.of());
    // RFC 9110, 7.6.1
    private static final Set<String> CONNECTION =
            Set.of("connection", "proxy-connection", "keep-alive", "te", "transfer-encoding", "upgrade");

    private final List<Field> lines;

    private Fields(List<Field> lines) {
        this.lines = lines;
    }

    /**
     * A section without lines.
     *
     * @return no fields
     */
    public static Fields empty() {
        return EMPTY;
    }

    /**
     * Names and values in turn.
     *
     * @param namesAndValues an even number of strings
     * @return the fields
     * @throws IllegalArgumentException if the number is odd, or a name or value has a character that it cannot have
     */
    public static Fields of(String... namesAndValues) {
        Characters.require(namesAndValues.length % 2 == 0, "a name without a value");
        List<Field> lines = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            lines.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
        }
        return of(lines);
    }

    /**
     * Field lines.
     *
     * @param lines in their order; copied
     * @return the fields
     */
    public static Fields of(List<Field> lines) {
        return lines.isEmpty() ? EMPTY : new Fields(List.copyOf(lines));
    }

    /**
     * The first line of a name.
     *
     * @param name in any case
     * @return its value; empty if there is none
     */
    public Optional<String> first(String name) {
        return all(name).findFirst();
    }

    /**
     * Every line of a name.
     *
     * @param name in any case
     * @return the values in their order
     */
    public Stream<String> all(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return lines.stream().filter(line -> line.name().equals(wanted)).map(Field::value);
    }

    /**
     * The lines.
     *
     * @return an immutable list
     */
    public List<Field> lines() {
        return lines;
    }

    /**
     * Whether there are none.
     *
     * @return true without lines
     */
    public boolean isEmpty() {
        return lines.isEmpty();
    }

    /**
     * These fields and one more.
     *
     * @param name its name
     * @param value its value
     * @return other fields
     * @throws IllegalArgumentException if name or value has a character that it cannot have
     */
    public Fields with(String name, String value) {
        List<Field> more = new ArrayList<>(lines);
        more.add(new Field(name, value));
        return of(more);
    }

    /**
     * The fields whose name is not meant.
     *
     * @param name is given names in lower case
     * @return other fields
     */
    public Fields without(Predicate<String> name) {
        List<Field> kept = new ArrayList<>(lines);
        return kept.removeIf(line -> name.test(line.name())) ? of(kept) : this;
    }

    /**
     * Without what concerns one connection: {@code Connection}, what that names, and the others of RFC 9110, section 7.6.1.
     * An encoder leaves these out; a decoder passes them on (RFC 9292, section 3.6).
     *
     * @return other fields
     */
    public Fields withoutConnectionFields() {
        Set<String> names = new HashSet<>(CONNECTION);
        all("connection")
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .forEach(option -> names.add(option.trim().toLowerCase(Locale.ROOT)));
        return without(names::contains);
    }

    @Override
    public Iterator<Field> iterator() {
        return lines.iterator();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Fields that && lines.equals(that.lines);
    }

    @Override
    public int hashCode() {
        return lines.hashCode();
    }

    /** The names. */
    @Override
    public String toString() {
        return lines.toString();
    }
}
