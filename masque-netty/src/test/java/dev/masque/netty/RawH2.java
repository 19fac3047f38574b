package dev.masque.netty;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An HTTP/2 client whose frames the test makes itself. */
final class RawH2 implements Closeable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    final RawTls tls;

    /** A frame that arrived. */
    record Frame(int type, int flags, int stream, ByteBuffer payload) {
        int error() {
            ByteBuffer buffer = payload.duplicate();
            return type == GOAWAY ? buffer.getInt(4) : buffer.getInt(0);
        }
    }

    RawH2(InetSocketAddress address) throws Exception {
        this(address, true);
    }

    RawH2(InetSocketAddress address, boolean preface) throws Exception {
        tls = new RawTls(address, "h2");
        if (preface) {
            tls.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            send(SETTINGS, 0, 0, new byte[0]);
        }
    }

    RawH2 send(int type, int flags, int stream, byte[] payload) throws IOException {
        tls.send(frame(type, flags, stream, payload));
        return this;
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    RawH2 headers(int stream, boolean end, String... namesAndValues) throws IOException {
        return send(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(namesAndValues));
    }

    /** Literals without indexing and without Huffman coding, RFC 7541, 6.2.2. */
    static byte[] block(String... namesAndValues) {
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
    @Nullable Frame read() {
        try {
            byte[] header = tls.read(9);
            if (header.length < 9) {
                return null;
            }
            ByteBuffer buffer = ByteBuffer.wrap(header);
            int lengthAndType = buffer.getInt();
            int flags = buffer.get();
            int stream = buffer.getInt();
            return new Frame(lengthAndType & 0xff, flags, stream, ByteBuffer.wrap(tls.read(lengthAndType >>> 8)));
        } catch (IOException cut) {
            return null;
        }
    }

    /** Reads until a frame of a type comes. */
    Frame await(int type) {
        return await(frame -> frame.type == type);
    }

    Frame await(Predicate<Frame> which) {
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
