package dev.masque.netty;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the first message of a TLS client offers: by ALPN, RFC 7301, and as types of certificates, RFC 7250. A malformed one offers
 * nothing, and TLS will say so. Stateless.
 */
final class ClientHello {
    private static final int VERSION_AND_RANDOM = 34;
    private static final int ALPN = 16;
    private static final int SERVER_CERTIFICATE_TYPE = 20; // RFC 7250, 3
    private static final int RAW_PUBLIC_KEY = 2;

    private ClientHello() {}

    /**
     * Whether a protocol is among those offered.
     *
     * @param hello the body of the message; its reader index stays
     * @param protocol its name
     */
    static boolean offers(ByteBuf hello, String protocol) {
        ByteBuf offered = extension(hello, ALPN);
        return offered != null && contains(vector(offered, 2), protocol);
    }

    /**
     * Whether the client knows what to do with a raw public key of the server.
     *
     * @param hello the body of the message; its reader index stays
     */
    static boolean offersRawKey(ByteBuf hello) {
        ByteBuf extension = extension(hello, SERVER_CERTIFICATE_TYPE);
        ByteBuf types = extension == null ? null : vector(extension, 1);
        return types != null && types.indexOf(types.readerIndex(), types.writerIndex(), (byte) RAW_PUBLIC_KEY) >= 0;
    }

    private static @Nullable ByteBuf extension(ByteBuf hello, int wanted) {
        ByteBuf in = hello.slice();
        if (!skip(in, VERSION_AND_RANDOM) || !skipVector(in, 1) || !skipVector(in, 2) || !skipVector(in, 1)) {
            return null;
        }
        ByteBuf extensions = vector(in, 2);
        while (extensions != null && extensions.readableBytes() >= 4) {
            int type = extensions.readUnsignedShort();
            ByteBuf extension = vector(extensions, 2);
            if (type == wanted || extension == null) {
                return extension;
            }
        }
        return null;
    }

    private static boolean contains(@Nullable ByteBuf names, String protocol) {
        while (names != null && names.isReadable()) {
            ByteBuf name = vector(names, 1);
            if (name == null) {
                return false;
            }
            if (name.toString(StandardCharsets.US_ASCII).equals(protocol)) {
                return true;
            }
        }
        return false;
    }

    private static boolean skip(ByteBuf in, int bytes) {
        if (in.readableBytes() < bytes) {
            return false;
        }
        in.skipBytes(bytes);
        return true;
    }

    private static boolean skipVector(ByteBuf in, int lengthBytes) {
        return vector(in, lengthBytes) != null;
    }

    /** What follows its length of one or two bytes; null if it is cut short. */
    private static @Nullable ByteBuf vector(ByteBuf in, int lengthBytes) {
        if (in.readableBytes() < lengthBytes) {
            return null;
        }
        int length = lengthBytes == 1 ? in.readUnsignedByte() : in.readUnsignedShort();
        return in.readableBytes() < length ? null : in.readSlice(length);
    }
}
