package dev.masque.netty;

import dev.masque.core.MalformedException;
import dev.masque.core.spi.HeaderFields;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads heads of HTTP/1.1 strictly: lines end in CR LF, names have no space around them, no line is folded (RFC 9112, 2.2,
 * 3, 5). What lenient readers understand differently from one another is an error here. For one connection.
 */
final class H1HeadReader {
    private static final int MAX_START_LINE = 8 << 10;
    private static final int FIELD_OVERHEAD = 32;

    private final int maxFields;
    private final boolean requests;

    /** How far the bytes have been searched for the end. */
    private int searched;

    H1HeadReader(int maxFields, boolean requests) {
        this.maxFields = maxFields;
        this.requests = requests;
    }

    /** The largest head, in bytes, that can be acceptable. */
    int limit() {
        return MAX_START_LINE + maxFields;
    }

    /**
     * The next head.
     *
     * @return null, with nothing consumed but empty lines, if it is not complete
     */
    @Nullable H1Head read(ByteBuf in) throws H1Exception {
        if (!skipEmptyLines(in)) {
            return null;
        }
        int end = findEnd(in);
        if (end < 0) {
            if (in.readableBytes() > limit()) {
                throw new H1Exception(431, "head is too large");
            }
            return null;
        }
        if (end - in.readerIndex() > limit()) {
            throw new H1Exception(431, "head is too large");
        }
        searched = 0;
        String text = in.toString(in.readerIndex(), end - in.readerIndex(), StandardCharsets.ISO_8859_1);
        in.readerIndex(end);
        return parse(lines(text));
    }

    /** A client may send an empty line before a request, RFC 9112, 2.2. Returns false if it takes more bytes to tell. */
    private boolean skipEmptyLines(ByteBuf in) throws H1Exception {
        while (searched == 0 && in.isReadable() && in.getByte(in.readerIndex()) == '\r') {
            if (in.readableBytes() == 1) {
                return false;
            }
            if (!requests || in.getByte(in.readerIndex() + 1) != '\n') {
                throw new H1Exception(400, "a line that ends in CR alone");
            }
            in.skipBytes(2);
        }
        return true;
    }

    /** The index after the empty line. */
    private int findEnd(ByteBuf in) {
        int from = in.readerIndex() + searched;
        int last = in.writerIndex();
        for (int i = from; i < last; i++) {
            int lf = in.indexOf(i, last, (byte) '\n');
            if (lf < 0) {
                break;
            }
            if (lf - in.readerIndex() >= 3
                    && in.getByte(lf - 1) == '\r'
                    && in.getByte(lf - 2) == '\n'
                    && in.getByte(lf - 3) == '\r') {
                return lf + 1;
            }
            i = lf;
        }
        searched = Math.max(0, last - in.readerIndex());
        return -1;
    }

    private static List<String> lines(String text) throws H1Exception {
        List<String> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length() - 2) {
            int end = text.indexOf("\r\n", start);
            for (int i = start; i < end; i++) {
                char c = text.charAt(i);
                if (c == '\r' || c == '\n' || c == 0) {
                    throw new H1Exception(400, "a line with CR, LF or NUL in it");
                }
            }
            lines.add(text.substring(start, end));
            start = end + 2;
        }
        return lines;
    }

    private H1Head parse(List<String> lines) throws H1Exception {
        String start = lines.get(0);
        if (start.length() > MAX_START_LINE) {
            throw new H1Exception(requests ? 414 : 400, "start line is too long");
        }
        int first = start.indexOf(' ');
        int second = start.indexOf(' ', first + 1);
        if (first <= 0 || second < 0 && requests || second == first + 1) {
            throw new H1Exception(400, "start line is not valid");
        }
        if (second < 0) {
            second = start.length(); // a response without reason phrase, and without the space before it
        }
        return new H1Head(
                start.substring(0, first),
                start.substring(first + 1, second),
                start.substring(Math.min(second + 1, start.length())),
                fields(lines.subList(1, lines.size())));
    }

    private HeaderFields fields(List<String> lines) throws H1Exception {
        HeaderFields.Builder fields = HeaderFields.builder();
        long size = 0;
        for (String line : lines) {
            size += line.length() + FIELD_OVERHEAD;
            if (size > maxFields) {
                throw new H1Exception(431, "fields are too large");
            }
            int colon = line.indexOf(':');
            if (colon <= 0 || !HeadRules.isToken(line.substring(0, colon))) { // a folded line starts with a space
                throw new H1Exception(400, "field line is not valid");
            }
            try {
                HeadRules.add(fields, line.substring(0, colon), trim(line, colon + 1));
            } catch (MalformedException e) {
                throw new H1Exception(400, "field line is not valid", e);
            }
        }
        return fields.build();
    }

    private static String trim(String line, int from) {
        int start = from;
        int end = line.length();
        while (start < end && isBlank(line.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(line.charAt(end - 1))) {
            end--;
        }
        return line.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
