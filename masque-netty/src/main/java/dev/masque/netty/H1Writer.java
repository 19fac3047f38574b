package dev.masque.netty;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes heads and chunks of HTTP/1.1. Stateless. */
final class H1Writer {
    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(100, "Continue"),
            Map.entry(101, "Switching Protocols"),
            Map.entry(103, "Early Hints"),
            Map.entry(200, "OK"),
            Map.entry(204, "No Content"),
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(407, "Proxy Authentication Required"),
            Map.entry(408, "Request Timeout"),
            Map.entry(413, "Content Too Large"),
            Map.entry(414, "URI Too Long"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(501, "Not Implemented"),
            Map.entry(502, "Bad Gateway"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(504, "Gateway Timeout"),
            Map.entry(505, "HTTP Version Not Supported"));

    private H1Writer() {}

    /** A request; {@code framing} is a field line of our own, with CR LF, or empty. */
    static ByteBuf request(ByteBufAllocator allocator, RequestHead head, String framing) {
        StringBuilder text = new StringBuilder(256);
        String authority = head.authority() == null ? "" : head.authority();
        if (head.isConnect()) {
            text.append("CONNECT ").append(authority);
        } else {
            text.append(head.protocol() == null ? head.method() : "GET")
                    .append(' ')
                    .append(head.path());
        }
        text.append(" HTTP/1.1\r\nhost: ").append(authority).append("\r\n");
        if (head.protocol() != null) {
            text.append("connection: upgrade\r\nupgrade: ")
                    .append(head.protocol())
                    .append("\r\n");
        }
        return finish(allocator, text, head.fields(), framing, head.isConnect() || head.protocol() != null);
    }

    /** A response. */
    static ByteBuf response(
            ByteBufAllocator allocator, int status, HeaderFields fields, String framing, boolean dropLength) {
        StringBuilder text = new StringBuilder(128);
        String reason = REASONS.get(status);
        text.append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reason == null ? "" : reason)
                .append("\r\n");
        return finish(allocator, text, fields, framing, dropLength);
    }

    private static ByteBuf finish(
            ByteBufAllocator allocator, StringBuilder text, HeaderFields fields, String framing, boolean dropLength) {
        text.append(framing);
        for (HeaderFields.Field field : fields) {
            if (!H1Head.isOfConnection(field.name())
                    && !(dropLength && field.name().equals("content-length"))) {
                text.append(field.name()).append(": ").append(field.value()).append("\r\n");
            }
        }
        text.append("\r\n");
        ByteBuf out = allocator.buffer(text.length());
        out.writeCharSequence(text, StandardCharsets.ISO_8859_1);
        return out;
    }

    /** What stands before a chunk; the end of the one before is in it. */
    static ByteBuf chunk(ByteBufAllocator allocator, int size, boolean first) {
        return ascii(allocator, (first ? "" : "\r\n") + Integer.toHexString(size) + "\r\n");
    }

    static ByteBuf lastChunk(ByteBufAllocator allocator, boolean first) {
        return ascii(allocator, (first ? "" : "\r\n") + "0\r\n\r\n");
    }

    private static ByteBuf ascii(ByteBufAllocator allocator, String text) {
        ByteBuf out = allocator.buffer(text.length());
        out.writeCharSequence(text, StandardCharsets.US_ASCII);
        return out;
    }

    /** The declared length, or -1. */
    static long declaredLength(HeaderFields fields) {
        @Nullable String length = fields.first("content-length");
        if (length == null) {
            return -1;
        }
        try {
            return Long.parseLong(length);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("content-length is no number", e);
        }
    }
}
