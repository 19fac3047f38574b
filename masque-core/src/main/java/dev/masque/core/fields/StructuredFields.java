package dev.masque.core.fields;

import dev.masque.core.MalformedException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Structured fields of HTTP, RFC 9651 (which contains RFC 8941): parse and serialise items, lists and dictionaries. Without
 * state. Fields over 256 KiB are refused; memory is proportional to the input.
 *
 * <pre>{@code
 * List<Member> members = StructuredFields.parseList(List.of("proxy.example; error=dns_error"));
 * }</pre>
 */
public final class StructuredFields {
    private StructuredFields() {}

    /**
     * Parses a field that is an item.
     *
     * @param lines the field's lines in order
     * @return the item
     * @throws MalformedException if it is not one: the whole field is then to be ignored
     */
    public static Member.Item parseItem(List<String> lines) throws MalformedException {
        return new Parser(join(lines)).wholeItem();
    }

    /**
     * Parses a field that is a list.
     *
     * @param lines the field's lines in order
     * @return the members in order
     * @throws MalformedException if it is not one: the whole field is then to be ignored
     */
    public static List<Member> parseList(List<String> lines) throws MalformedException {
        return new Parser(join(lines)).wholeList();
    }

    /**
     * Parses a field that is a dictionary.
     *
     * @param lines the field's lines in order
     * @return the members in order; the last value of a key counts
     * @throws MalformedException if it is not one: the whole field is then to be ignored
     */
    public static Map<String, Member> parseDictionary(List<String> lines) throws MalformedException {
        return new Parser(join(lines)).wholeDictionary();
    }

    private static String join(List<String> lines) {
        return String.join(", ", lines);
    }

    /**
     * Serialises an item.
     *
     * @param item the item
     * @return the field value
     * @throws IllegalArgumentException if a value has no serialisation
     */
    public static String formatItem(Member.Item item) {
        StringBuilder out = new StringBuilder();
        append(item, out);
        return out.toString();
    }

    /**
     * Serialises a list.
     *
     * @param members the members
     * @return the field value; empty for an empty list, which is not to be sent
     * @throws IllegalArgumentException if a value has no serialisation
     */
    public static String formatList(List<? extends Member> members) {
        StringBuilder out = new StringBuilder();
        for (Iterator<? extends Member> i = members.iterator(); i.hasNext(); ) {
            append(i.next(), out);
            if (i.hasNext()) {
                out.append(", ");
            }
        }
        return out.toString();
    }

    /**
     * Serialises a dictionary.
     *
     * @param members keys and members in order
     * @return the field value; empty for an empty dictionary, which is not to be sent
     * @throws IllegalArgumentException if a key is none, or a value has no serialisation
     */
    public static String formatDictionary(Map<String, ? extends Member> members) {
        StringBuilder out = new StringBuilder();
        members.forEach((key, member) -> {
            out.append(out.length() > 0 ? ", " : "").append(checkedKey(key));
            if (member instanceof Member.Item item
                    && item.value() instanceof BareItem.BooleanItem flag
                    && flag.value()) {
                append(item.parameters(), out);
            } else {
                out.append('=');
                append(member, out);
            }
        });
        return out.toString();
    }

    private static void append(Member member, StringBuilder out) {
        if (member instanceof Member.Item item) {
            append(item.value(), out);
        } else if (member instanceof Member.InnerList list) {
            out.append('(');
            for (Iterator<Member.Item> i = list.items().iterator(); i.hasNext(); ) {
                append(i.next(), out);
                out.append(i.hasNext() ? " " : "");
            }
            out.append(')');
        }
        append(member.parameters(), out);
    }

    private static void append(Map<String, BareItem> parameters, StringBuilder out) {
        parameters.forEach((key, value) -> {
            out.append(';').append(checkedKey(key));
            if (!(value instanceof BareItem.BooleanItem flag && flag.value())) {
                append(value, out.append('='));
            }
        });
    }

    private static String checkedKey(String key) {
        if (!Grammar.isKey(key)) {
            throw new IllegalArgumentException("not a key of a structured field");
        }
        return key;
    }

    private static void append(BareItem value, StringBuilder out) {
        if (value instanceof BareItem.IntegerItem integer) {
            out.append(integer.value());
        } else if (value instanceof BareItem.DecimalItem decimal) {
            out.append(format(decimal.value()));
        } else if (value instanceof BareItem.StringItem string) {
            out.append('"')
                    .append(string.value().replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
        } else if (value instanceof BareItem.TokenItem token) {
            out.append(token.value());
        } else if (value instanceof BareItem.BytesItem bytes) {
            out.append(':')
                    .append(Base64.getEncoder().encodeToString(bytes.value().toArray()))
                    .append(':');
        } else if (value instanceof BareItem.BooleanItem flag) {
            out.append(flag.value() ? "?1" : "?0");
        } else if (value instanceof BareItem.DateItem date) {
            out.append('@').append(date.seconds());
        } else if (value instanceof BareItem.DisplayItem display) {
            appendDisplay(display.value(), out);
        }
    }

    /** RFC 9651, 4.1.5: rounded to even, at least one fractional digit. */
    private static String format(BigDecimal value) {
        BigDecimal rounded = value.setScale(3, RoundingMode.HALF_EVEN).stripTrailingZeros();
        if (rounded.precision() - rounded.scale() > 12) {
            throw new IllegalArgumentException("decimal has more than 12 integer digits");
        }
        return (rounded.scale() < 1 ? rounded.setScale(1) : rounded).toPlainString();
    }

    private static void appendDisplay(String text, StringBuilder out) {
        out.append("%\"");
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b == '%' || b == '"' || b < 0x20 || b == 0x7f) {
                out.append(String.format("%%%02x", b & 0xff));
            } else {
                out.append((char) b);
            }
        }
        out.append('"');
    }
}
