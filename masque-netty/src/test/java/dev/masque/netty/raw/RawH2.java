package dev.masque.netty.raw;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An HTTP/2 client whose frames the test makes itself. */
public final class RawH2 implements Closeable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;
    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;

    public final RawTls tls;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

    /** A frame that arrived. */
    public record Frame(int type, int flags, int stream, ByteBuffer payload, Map<String, String> fields) {
        /** The code of RST_STREAM and GOAWAY, the increment of WINDOW_UPDATE. */
        public int error() {
            ByteBuffer buffer = payload.duplicate();
            return type == GOAWAY ? buffer.getInt(4) : buffer.getInt(0);
        }

        public boolean ends() {
            return (flags & END_STREAM) != 0 && (type == DATA || type == HEADERS);
        }

        /** Of HEADERS. */
        public String status() {
            return String.valueOf(fields.get(":status"));
        }

        @Override
        public String toString() {
            return "frame " + type + " flags " + flags + " stream " + stream + " of " + payload.remaining() + " "
                    + fields + (type == RST_STREAM || type == GOAWAY ? " error " + error() : "");
        }
    }

    public RawH2(InetSocketAddress address) throws Exception {
        this(address, true);
    }

    public RawH2(InetSocketAddress address, boolean preface) throws Exception {
        tls = new RawTls(address, "h2");
        if (preface) {
            tls.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            send(SETTINGS, 0, 0, new byte[0]);
        }
    }

    /** Agrees to the server's settings, from which on its windows count. */
    public RawH2 settle() throws IOException {
        await(SETTINGS);
        return send(SETTINGS, 1, 0, new byte[0]);
    }

    public RawH2 send(int type, int flags, int stream, byte[] payload) throws IOException {
        tls.send(frame(type, flags, stream, payload));
        return this;
    }

    public static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    public RawH2 headers(int stream, boolean end, String... namesAndValues) throws IOException {
        return send(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(namesAndValues));
    }

    /** Literals without indexing and without Huffman coding, RFC 7541, 6.2.2. */
    public static byte[] block(String... namesAndValues) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            out.write(0);
            string(out, namesAndValues[i]);
            string(out, namesAndValues[i + 1]);
        }
        return out.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            out.write(bytes.length);
        } else {
            out.write(127);
            int rest = bytes.length - 127;
            while (rest >= 128) {
                out.write(rest & 127 | 128);
                rest >>= 7;
            }
            out.write(rest);
        }
        out.writeBytes(bytes);
    }

    /** The next frame; null at the end of the connection. */
    @Nullable public Frame read() {
        try {
            byte[] header = tls.read(9);
            if (header.length < 9) {
                return null;
            }
            ByteBuffer buffer = ByteBuffer.wrap(header);
            int lengthAndType = buffer.getInt();
            int flags = buffer.get();
            int stream = buffer.getInt();
            int type = lengthAndType & 0xff;
            byte[] payload = tls.read(lengthAndType >>> 8);
            return new Frame(
                    type,
                    flags,
                    stream,
                    ByteBuffer.wrap(payload),
                    type == HEADERS ? decode(stream, payload) : Map.of());
        } catch (IOException cut) {
            return null;
        }
    }

    /** Every section is decoded, and in order: the table is one for the connection. */
    private Map<String, String> decode(int stream, byte[] block) {
        try {
            Map<String, String> fields = new HashMap<>();
            decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(block))
                    .forEach(field -> fields.put(
                            field.getKey().toString(), field.getValue().toString()));
            return fields;
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A classic CONNECT. */
    public RawH2 connect(int stream, String authority, String... more) throws IOException {
        String[] fields = Arrays.copyOf(new String[] {":method", "CONNECT", ":authority", authority}, 4 + more.length);
        System.arraycopy(more, 0, fields, 4, more.length);
        return headers(stream, false, fields);
    }

    /** An extended CONNECT for UDP. */
    public RawH2 connectUdp(int stream, String path, String... more) throws IOException {
        String[] fields = Arrays.copyOf(
                new String[] {
                    ":method",
                    "CONNECT",
                    ":protocol",
                    "connect-udp",
                    ":scheme",
                    "https",
                    ":authority",
                    "localhost",
                    ":path",
                    path
                },
                10 + more.length);
        System.arraycopy(more, 0, fields, 10, more.length);
        return headers(stream, false, fields);
    }

    public RawH2 data(int stream, boolean end, byte[] bytes) throws IOException {
        return send(DATA, end ? END_STREAM : 0, stream, bytes);
    }

    public RawH2 reset(int stream, int code) throws IOException {
        return send(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(code).array());
    }

    /** Lets the other side send more. */
    public RawH2 allow(int stream, int bytes) throws IOException {
        return send(
                WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
    }

    /** Reads until a frame of a type comes. */
    public Frame await(int type) {
        return await(frame -> frame.type == type);
    }

    public Frame await(Predicate<Frame> which) {
        for (Frame frame = read(); frame != null; frame = read()) {
            if (which.test(frame)) {
                return frame;
            }
        }
        throw new AssertionError("the connection ended before");
    }

    @Override
    public void close() throws IOException {
        tls.close();
    }
}
