package dev.masque.privacypass;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Immutable bytes that equal by content. For public values; not for secrets. */
public final class Bytes {
    private final byte[] value;

    private Bytes(byte[] value) {
        this.value = value;
    }

    /**
     * Copies an array.
     *
     * @param value the bytes
     * @return a copy of them
     */
    public static Bytes copyOf(byte[] value) {
        return new Bytes(value.clone());
    }

    /**
     * Copies what remains of a buffer.
     *
     * @param buffer from position to limit; left as it is
     * @return a copy
     */
    public static Bytes copyOf(ByteBuffer buffer) {
        byte[] value = new byte[buffer.remaining()];
        buffer.duplicate().get(value);
        return new Bytes(value);
    }

    /**
     * How many.
     *
     * @return the number of bytes
     */
    public int size() {
        return value.length;
    }

    /**
     * A copy in an array.
     *
     * @return a new array
     */
    public byte[] toArray() {
        return value.clone();
    }

    /**
     * A view without copying.
     *
     * @return a read-only buffer
     */
    public ByteBuffer asBuffer() {
        return ByteBuffer.wrap(value).asReadOnlyBuffer();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bytes that && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    /** The bytes in lower-case hex. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(value);
    }
}
