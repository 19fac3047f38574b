package dev.masque.privacypass.voprf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Concatenates what RFC 9497 hashes. */
final class Transcript {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

    /** Adds two bytes of length and the value. */
    Transcript field(byte[] value) {
        if (value.length > 65535) {
            throw new IllegalArgumentException("input longer than 65535 bytes");
        }
        number(value.length).out.writeBytes(value);
        return this;
    }

    Transcript number(int value) {
        out.write(value >>> 8);
        out.write(value);
        return this;
    }

    Transcript raw(byte[] value) {
        out.writeBytes(value);
        return this;
    }

    Transcript raw(int value) {
        out.write(value);
        return this;
    }

    Transcript label(String ascii) {
        return raw(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
