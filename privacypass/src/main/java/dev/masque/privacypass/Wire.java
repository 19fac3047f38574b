package dev.masque.privacypass;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Reading and writing the TLS presentation language (RFC 8446, 3) of whole messages; for one thread. */
final class Wire {
    private Wire() {}

    /** Takes a message apart. Every method refuses what is not there. */
    static final class Reader {
        private final ByteBuffer in;

        Reader(Bytes message) {
            this.in = message.asBuffer();
        }

        private Reader(ByteBuffer in) {
            this.in = in;
        }

        boolean hasMore() {
            return in.hasRemaining();
        }

        int remaining() {
            return in.remaining();
        }

        int uint8() throws MalformedException {
            need(1);
            return in.get() & 0xff;
        }

        int uint16() throws MalformedException {
            need(2);
            return in.getShort() & 0xffff;
        }

        TokenType type() throws MalformedException {
            return new TokenType(uint16());
        }

        Bytes opaque(int length) throws MalformedException {
            need(length);
            Bytes value = Bytes.copyOf(in.slice(in.position(), length));
            in.position(in.position() + length);
            return value;
        }

        /** A string of printable ASCII with spaces: names are ASCII (RFC 9577, 2.1). */
        String ascii(int length) throws MalformedException {
            byte[] value = opaque(length).toArray();
            for (byte b : value) {
                if (b < ' ' || b > '~') {
                    throw new MalformedException("a name that is not ASCII");
                }
            }
            return new String(value, StandardCharsets.US_ASCII);
        }

        Reader sub(int length) throws MalformedException {
            need(length);
            Reader sub = new Reader(in.slice(in.position(), length));
            in.position(in.position() + length);
            return sub;
        }

        /** A variable-length vector: a length in its shortest form (batched tokens draft, 3.2), and that much. */
        Reader vector() throws MalformedException {
            int first = uint8();
            int more = (1 << (first >>> 6)) - 1;
            long length = first & 0x3f;
            for (int i = 0; i < more; i++) {
                length = length << 8 | uint8();
            }
            if (more > 0 && length < 1L << (more == 1 ? 6 : more == 3 ? 14 : 30)) {
                throw new MalformedException("a length that is not in its shortest form");
            }
            if (length > in.remaining()) {
                throw new MalformedException("cut short");
            }
            return sub((int) length);
        }

        void end() throws MalformedException {
            if (in.hasRemaining()) {
                throw new MalformedException("bytes after the end");
            }
        }

        private void need(int length) throws MalformedException {
            if (in.remaining() < length) {
                throw new MalformedException("cut short");
            }
        }
    }

    /** Puts a message together. */
    static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Writer uint8(int value) {
            out.write(value);
            return this;
        }

        Writer uint16(int value) {
            out.write(value >>> 8);
            out.write(value);
            return this;
        }

        Writer type(TokenType type) {
            return uint16(type.value());
        }

        Writer opaque(Bytes value) {
            out.writeBytes(value.toArray());
            return this;
        }

        Writer ascii(String value) {
            out.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
            return this;
        }

        Writer vector(Bytes content) {
            int length = content.size();
            if (length < 1 << 6) {
                uint8(length);
            } else if (length < 1 << 14) {
                uint16(length | 0x4000);
            } else if (length < 1 << 30) {
                uint16(length >>> 16 | 0x8000).uint16(length & 0xffff);
            } else {
                throw new IllegalArgumentException("too long: " + length);
            }
            return opaque(content);
        }

        Bytes done() {
            return Bytes.copyOf(out.toByteArray());
        }
    }

    /** Refuses a value of the wrong size, from a caller. */
    static void requireSize(Bytes value, int size, String name) {
        if (value.size() != size) {
            throw new IllegalArgumentException(name + " has " + value.size() + " bytes and not " + size);
        }
    }

    static void requireByte(int value) {
        if (value < 0 || value > 0xff) {
            throw new IllegalArgumentException("not a byte: " + value);
        }
    }

    static Bytes sha256(Bytes value) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(value.asBuffer());
            return Bytes.copyOf(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
