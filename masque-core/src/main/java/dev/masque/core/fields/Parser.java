package dev.masque.core.fields;

import dev.masque.core.Bytes;
import dev.masque.core.MalformedException;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parsing algorithms of RFC 9651, section 4.2, over one field value. For one use. */
final class Parser {
    private static final int MAX_LENGTH = 1 << 18;

    private final String text;
    private int at;

    Parser(String text) throws MalformedException {
        if (text.length() > MAX_LENGTH) {
            throw new MalformedException("structured field is too long");
        }
        this.text = text;
        skip(" ");
    }

    Member.Item wholeItem() throws MalformedException {
        Member.Item item = item();
        end();
        return item;
    }

    List<Member> wholeList() throws MalformedException {
        List<Member> members = new ArrayList<>();
        while (at < text.length()) {
            members.add(member());
            separator();
        }
        return members;
    }

    Map<String, Member> wholeDictionary() throws MalformedException {
        Map<String, Member> members = new LinkedHashMap<>();
        while (at < text.length()) {
            String key = key();
            Member member = take('=') ? member() : new Member.Item(new BareItem.BooleanItem(true), parameters());
            members.put(key, member);
            separator();
        }
        return members;
    }

    /** Between two members, or at the end. */
    private void separator() throws MalformedException {
        skip(" \t");
        if (at == text.length()) {
            return;
        }
        expect(',');
        skip(" \t");
        if (at == text.length()) {
            throw broken("a trailing comma");
        }
    }

    private void end() throws MalformedException {
        skip(" ");
        if (at < text.length()) {
            throw broken("something after its end");
        }
    }

    private Member member() throws MalformedException {
        return peek() == '(' ? innerList() : item();
    }

    private Member.InnerList innerList() throws MalformedException {
        expect('(');
        List<Member.Item> items = new ArrayList<>();
        while (true) {
            skip(" ");
            if (take(')')) {
                return new Member.InnerList(items, parameters());
            }
            items.add(item());
            if (peek() != ' ' && peek() != ')') {
                throw broken("an inner list that does not end");
            }
        }
    }

    private Member.Item item() throws MalformedException {
        return new Member.Item(bareItem(), parameters());
    }

    private Map<String, BareItem> parameters() throws MalformedException {
        Map<String, BareItem> parameters = new LinkedHashMap<>();
        while (take(';')) {
            skip(" ");
            String key = key();
            parameters.put(key, take('=') ? bareItem() : new BareItem.BooleanItem(true));
        }
        return parameters;
    }

    private String key() throws MalformedException {
        int start = at;
        if (!Grammar.isKeyStart(peek())) {
            throw broken("a key that is none");
        }
        while (Grammar.isKeyCharacter(peek())) {
            at++;
        }
        return text.substring(start, at);
    }

    private BareItem bareItem() throws MalformedException {
        char c = peek();
        if (c == '-' || Grammar.isDigit(c)) {
            return number();
        }
        if (Grammar.isTokenStart(c)) {
            return token();
        }
        return switch (c) {
            case '"' -> string();
            case ':' -> bytes();
            case '?' -> bool();
            case '@' -> date();
            case '%' -> display();
            default -> throw broken("a value of no type");
        };
    }

    private BareItem number() throws MalformedException {
        int start = at;
        take('-');
        int integer = digits();
        if (!take('.')) {
            if (integer > 15) {
                throw broken("an integer of more than 15 digits");
            }
            return new BareItem.IntegerItem(Long.parseLong(text.substring(start, at)));
        }
        int fraction = digits();
        if (integer > 12 || fraction > 3) {
            throw broken("a decimal of too many digits");
        }
        return new BareItem.DecimalItem(new BigDecimal(text.substring(start, at)));
    }

    private int digits() throws MalformedException {
        int start = at;
        while (Grammar.isDigit(peek())) {
            at++;
        }
        if (at == start) {
            throw broken("a number without digits");
        }
        return at - start;
    }

    private BareItem token() {
        int start = at;
        while (Grammar.isTokenCharacter(peek())) {
            at++;
        }
        return new BareItem.TokenItem(text.substring(start, at));
    }

    private BareItem string() throws MalformedException {
        expect('"');
        StringBuilder value = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '"') {
                return new BareItem.StringItem(value.toString());
            }
            if (c == '\\') {
                c = next();
                if (c != '"' && c != '\\') {
                    throw broken("an escape that is none");
                }
            } else if (c < 0x20 || c > 0x7e) {
                throw broken("a string that is not printable ASCII");
            }
            value.append(c);
        }
    }

    private BareItem bytes() throws MalformedException {
        expect(':');
        int end = text.indexOf(':', at);
        if (end < 0) {
            throw broken("a byte sequence that does not end");
        }
        String encoded = text.substring(at, end);
        at = end + 1;
        try {
            return new BareItem.BytesItem(Bytes.copyOf(Base64.getDecoder().decode(encoded)));
        } catch (IllegalArgumentException e) {
            throw new MalformedException("structured field has a byte sequence that is no base64", e);
        }
    }

    private BareItem bool() throws MalformedException {
        expect('?');
        if (take('1')) {
            return new BareItem.BooleanItem(true);
        }
        expect('0');
        return new BareItem.BooleanItem(false);
    }

    private BareItem date() throws MalformedException {
        expect('@');
        if (peek() == '-' || Grammar.isDigit(peek())) {
            BareItem number = number();
            if (number instanceof BareItem.IntegerItem seconds) {
                return new BareItem.DateItem(seconds.value());
            }
        }
        throw broken("a date that is no integer");
    }

    private BareItem display() throws MalformedException {
        expect('%');
        expect('"');
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (true) {
            char c = next();
            if (c == '"') {
                break;
            }
            if (c < 0x20 || c > 0x7e) {
                throw broken("a display string that is not printable ASCII");
            }
            bytes.write(c == '%' ? lowerHex(next()) << 4 | lowerHex(next()) : c);
        }
        try {
            return new BareItem.DisplayItem(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new MalformedException("structured field has a display string that is not UTF-8", e);
        }
    }

    private int lowerHex(char c) throws MalformedException {
        if (Grammar.isDigit(c)) {
            return c - '0';
        }
        if (c >= 'a' && c <= 'f') {
            return c - 'a' + 10;
        }
        throw broken("a percent-encoding that is not lower-case hex");
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private char next() throws MalformedException {
        if (at == text.length()) {
            throw broken("no end");
        }
        return text.charAt(at++);
    }

    private boolean take(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) throws MalformedException {
        if (!take(c)) {
            throw broken("no " + c + " where it must be");
        }
    }

    private void skip(String blanks) {
        while (at < text.length() && blanks.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private MalformedException broken(String what) {
        return new MalformedException("structured field has " + what + ", at " + at);
    }
}
