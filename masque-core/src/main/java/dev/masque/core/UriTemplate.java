package dev.masque.core;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A URI template of level 3 or lower, RFC 6570. Immutable. Values are strings; lists, prefixes and explode modifiers are
 * level 4 and refused.
 */
final class UriTemplate {
    private static final int MAX_LENGTH = 2048;
    private static final String OPERATORS = "+#./;?&";
    private static final String UNRESERVED = "-._~";
    private static final String RESERVED = ":/?#[]@!$&'()*+,;=";

    /** Text, or an expression. */
    sealed interface Part {}

    record Literal(String text) implements Part {}

    /** {@code operator} is 0 for simple expansion. */
    record Expression(char operator, List<String> names) implements Part {
        String first() {
            return operator == 0 || operator == '+' ? "" : String.valueOf(operator);
        }

        String separator() {
            return switch (operator) {
                case 0, '+', '#' -> ",";
                case '?', '&' -> "&";
                default -> String.valueOf(operator);
            };
        }

        boolean named() {
            return operator == ';' || operator == '?' || operator == '&';
        }

        boolean allowsReserved() {
            return operator == '+' || operator == '#';
        }
    }

    private final String source;
    private final List<Part> parts;

    private UriTemplate(String source, List<Part> parts) {
        this.source = source;
        this.parts = List.copyOf(parts);
    }

    static UriTemplate parse(String template) {
        if (template.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("template is longer than " + MAX_LENGTH + " characters");
        }
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < template.length()) {
            int open = template.indexOf('{', at);
            String text = template.substring(at, open < 0 ? template.length() : open);
            checkLiteral(text);
            if (!text.isEmpty()) {
                parts.add(new Literal(text));
            }
            if (open < 0) {
                break;
            }
            int close = template.indexOf('}', open);
            if (close < 0) {
                throw new IllegalArgumentException("template has a { without its }");
            }
            parts.add(expression(template.substring(open + 1, close)));
            at = close + 1;
        }
        return new UriTemplate(template, parts);
    }

    private static void checkLiteral(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == 0x7f || "\"<>\\^`{|}".indexOf(c) >= 0) {
                throw new IllegalArgumentException("template has an illegal character: " + (int) c);
            }
            if (c == '%' && !isPercentEncoded(text, i)) {
                throw new IllegalArgumentException("template has a % that is no percent-encoding");
            }
        }
    }

    private static Expression expression(String body) {
        boolean hasOperator = !body.isEmpty() && OPERATORS.indexOf(body.charAt(0)) >= 0;
        String[] names = body.substring(hasOperator ? 1 : 0).split(",", -1);
        for (String name : names) {
            if (!isName(name)) {
                throw new IllegalArgumentException("template has an expression above level 3: {" + body + "}");
            }
        }
        return new Expression(hasOperator ? body.charAt(0) : 0, List.of(names));
    }

    private static boolean isName(String name) {
        if (name.isEmpty() || name.startsWith(".") || name.endsWith(".") || name.contains("..")) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = isAlphanumeric(c) || c == '_' || c == '.';
            if (!plain && !(c == '%' && isPercentEncoded(name, i))) {
                return false;
            }
        }
        return true;
    }

    List<Part> parts() {
        return parts;
    }

    /** Undefined variables expand to nothing, RFC 6570, 3.2.1. */
    String expand(Map<String, String> values) {
        StringBuilder out = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Literal literal) {
                encode(literal.text(), true, out);
            } else if (part instanceof Expression expression) {
                expand(expression, values, out);
            }
        }
        return out.toString();
    }

    private static void expand(Expression expression, Map<String, String> values, StringBuilder out) {
        boolean first = true;
        for (String name : expression.names()) {
            String value = values.get(name);
            if (value == null) {
                continue;
            }
            out.append(first ? expression.first() : expression.separator());
            first = false;
            if (expression.named()) {
                encode(name, true, out);
                if (!value.isEmpty() || expression.operator() != ';') {
                    out.append('=');
                }
            }
            encode(value, expression.allowsReserved(), out);
        }
    }

    private static void encode(String text, boolean allowReserved, StringBuilder out) {
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            if (point < 0x80 && (isAlphanumeric((char) point) || UNRESERVED.indexOf(point) >= 0)) {
                out.append((char) point);
            } else if (allowReserved && (RESERVED.indexOf(point) >= 0 || isPercentEncoded(text, i))) {
                out.append((char) point);
            } else {
                for (byte b : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
                    out.append(String.format("%%%02X", b & 0xff));
                }
            }
            i += Character.charCount(point);
        }
    }

    private static boolean isPercentEncoded(String text, int at) {
        return text.charAt(at) == '%'
                && at + 2 < text.length()
                && Character.digit(text.charAt(at + 1), 16) >= 0
                && Character.digit(text.charAt(at + 2), 16) >= 0;
    }

    private static boolean isAlphanumeric(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    @Override
    public String toString() {
        return source;
    }
}
