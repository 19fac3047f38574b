package dev.masque.privacypass;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One statement that a token carries for all to read. Authentication scheme extensions draft, 3.
 *
 * @param type the code point of its meaning, 0 to 65535
 * @param data what it says, at most 65535 bytes
 */
public record Extension(int type, Bytes data) {
    /** The code point of an expiry time. Expiration extension draft, 6. */
    public static final int EXPIRATION = 0x0001;

    /** The code point of a place, as in {@code JP,JP-13,TOKYO}. */
    public static final int GEOLOCATION = 0x0002;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if type or length are out of range
     */
    public Extension {
        if (type < 0 || type > 0xffff || data.size() > 0xffff) {
            throw new IllegalArgumentException("not an extension: type " + type + ", " + data.size() + " bytes");
        }
    }

    /**
     * Until when a token can be used. The time is rounded up to a multiple of the precision, so that it tells tokens of
     * one period apart from no other.
     *
     * @param expiry the time
     * @param precision at least a second; whole seconds
     * @return the extension
     * @throws IllegalArgumentException if the precision is less than a second
     */
    public static Extension expiration(Instant expiry, Duration precision) {
        long step = precision.toSeconds();
        if (step < 1) {
            throw new IllegalArgumentException("precision " + precision);
        }
        long time = Math.multiplyExact(-Math.floorDiv(-expiry.getEpochSecond(), step), step);
        return new Extension(
                EXPIRATION,
                Bytes.copyOf(ByteBuffer.allocate(16).putLong(step).putLong(time).array()));
    }

    /**
     * Where the user of a token says to be.
     *
     * @param place country, region and city with commas between, as far as they are told; ASCII
     * @return the extension
     * @throws IllegalArgumentException if it is too long
     */
    public static Extension geolocation(String place) {
        byte[] text = place.getBytes(StandardCharsets.US_ASCII);
        return new Extension(
                GEOLOCATION,
                Bytes.copyOf(ByteBuffer.allocate(2 + text.length)
                        .putShort((short) text.length)
                        .put(text)
                        .array()));
    }

    /**
     * The expiry time that this says.
     *
     * @return the time; empty if it is another extension
     * @throws MalformedException if it is not 16 bytes, or no time at all
     */
    public Optional<Instant> expiry() throws MalformedException {
        if (type != EXPIRATION) {
            return Optional.empty();
        }
        if (data.size() != 16) {
            throw new MalformedException("an expiry of the wrong length");
        }
        long seconds = data.asBuffer().getLong(8);
        if (seconds < 0 || seconds > Instant.MAX.getEpochSecond()) {
            throw new MalformedException("an expiry beyond all time");
        }
        return Optional.of(Instant.ofEpochSecond(seconds));
    }

    /**
     * The place that this says.
     *
     * @return country, region and city; empty if it is another extension
     * @throws MalformedException if it is not a string of ASCII
     */
    public Optional<String> place() throws MalformedException {
        if (type != GEOLOCATION) {
            return Optional.empty();
        }
        Wire.Reader in = new Wire.Reader(data);
        String place = in.ascii(in.uint16());
        in.end();
        return Optional.of(place);
    }
}
