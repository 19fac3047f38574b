package dev.masque.geohash;

import dev.masque.geohash.MalformedGeoException.Reason;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a first hop says of where its clients are, signed: a hint, a window of time and whom it is for. Immutable. Being
 * one is no proof; {@link GeoAttestationVerifier} checks it.
 *
 * <p>The field value is one structured field byte sequence, RFC 9651 section 3.3.5, of this body and its 64 bytes of
 * Ed25519 signature. Integers are unsigned and big-endian. The signature is over the ASCII text {@code geohash-attestation},
 * a zero byte, and the body.
 *
 * <pre>
 * u8     version, 1
 * u8[8]  key id: the first 8 bytes of SHA-256 over the key's SubjectPublicKeyInfo
 * u8     length of the cell, 0 to 12, and the cell in lower-case ASCII
 * u8     length of the country, 2, and the country in upper-case ASCII
 * u64    not before, seconds since 1970
 * u64    not after, seconds since 1970; the first second in which it is no longer valid
 * u16    length of the audience, 1 to 300, and the audience in lower-case ASCII
 * </pre>
 */
public final class GeoAttestation {
    /** The name of the field, lower case. */
    public static final String NAME = "geohash-attestation";

    static final int SIGNATURE_LENGTH = 64;
    static final int KEY_ID_LENGTH = 8;

    /** The longest field value that is read, parameters included. */
    static final int MAX_FIELD = 1024;

    private static final int VERSION = 1;
    private static final int MAX_AUDIENCE = 300;
    private static final byte[] CONTEXT = (NAME + "\0").getBytes(StandardCharsets.US_ASCII);
    private static final Instant END_OF_TIME = Instant.parse("9999-12-31T23:59:59Z");

    private final String keyId;
    private final GeoHint hint;
    private final Instant notBefore;
    private final Instant notAfter;
    private final String audience;
    private final byte[] signature;

    private GeoAttestation(
            String keyId, GeoHint hint, Instant notBefore, Instant notAfter, String audience, byte[] signature) {
        this.keyId = keyId;
        this.hint = hint;
        this.notBefore = notBefore;
        this.notAfter = notAfter;
        this.audience = audience;
        this.signature = signature;
    }

    /** A statement yet to be signed; the audience is canonical and the window in whole seconds. */
    static GeoAttestation unsigned(String keyId, GeoHint hint, Instant notBefore, Instant notAfter, String audience) {
        return new GeoAttestation(keyId, hint, notBefore, notAfter, audience, new byte[0]);
    }

    GeoAttestation signed(byte[] signature) {
        return new GeoAttestation(keyId, hint, notBefore, notAfter, audience, signature);
    }

    /** An audience as it is signed and compared. */
    static String canonicalAudience(String audience) {
        if (!isAudience(audience)) {
            throw new IllegalArgumentException("an audience is 1 to 300 visible ASCII characters, mostly an authority");
        }
        return audience.toLowerCase(Locale.ROOT);
    }

    private static boolean isAudience(String text) {
        return !text.isEmpty() && text.length() <= MAX_AUDIENCE && text.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    /**
     * Reads the field. Only the one encoding that {@link #format()} writes is read; structured field parameters are
     * ignored.
     *
     * @param field the value of one field line, at most 1024 characters
     * @return the attestation, not yet verified
     * @throws MalformedGeoException if it is none
     */
    public static GeoAttestation parse(String field) throws MalformedGeoException {
        FieldItem item = new FieldItem(FieldItem.trim(field, MAX_FIELD));
        String encoded = item.byteSequence();
        item.parametersToEnd();
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            throw syntax();
        }
        GeoAttestation attestation = read(ByteBuffer.wrap(bytes));
        if (!Arrays.equals(attestation.encode(), bytes) || !attestation.format().equals(':' + encoded + ':')) {
            throw syntax(); // a second form of the same
        }
        return attestation;
    }

    private static GeoAttestation read(ByteBuffer in) throws MalformedGeoException {
        try {
            if (in.get() != VERSION) {
                throw new MalformedGeoException(Reason.VERSION, "an attestation of an unknown version");
            }
            String keyId = HexFormat.of().formatHex(bytes(in, KEY_ID_LENGTH));
            String cell = ascii(in, in.get() & 0xff);
            Country country = Country.parse(ascii(in, in.get() & 0xff));
            GeoHint hint = cell.isEmpty() ? GeoHint.ofCountry(country) : GeoHint.of(Geohash.parse(cell), country);
            Instant notBefore = instant(in.getLong());
            Instant notAfter = instant(in.getLong());
            String audience = ascii(in, in.getShort() & 0xffff);
            byte[] signature = bytes(in, SIGNATURE_LENGTH);
            if (!isAudience(audience) || !notBefore.isBefore(notAfter) || in.hasRemaining()) {
                throw syntax();
            }
            return new GeoAttestation(keyId, hint, notBefore, notAfter, audience.toLowerCase(Locale.ROOT), signature);
        } catch (BufferUnderflowException e) {
            throw syntax();
        }
    }

    private static Instant instant(long seconds) throws MalformedGeoException {
        if (seconds < 0 || seconds > END_OF_TIME.getEpochSecond()) {
            throw syntax();
        }
        return Instant.ofEpochSecond(seconds);
    }

    private static String ascii(ByteBuffer in, int length) {
        return new String(bytes(in, length), StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        if (length > in.remaining()) { // before there is room for them
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private byte[] body() {
        String cell = hint.cell().map(Geohash::toString).orElse("");
        ByteBuffer out = ByteBuffer.allocate(1 + KEY_ID_LENGTH + 1 + cell.length() + 3 + 16 + 2 + audience.length());
        out.put((byte) VERSION).put(HexFormat.of().parseHex(keyId));
        out.put((byte) cell.length()).put(cell.getBytes(StandardCharsets.US_ASCII));
        out.put((byte) 2).put(hint.country().code().getBytes(StandardCharsets.US_ASCII));
        out.putLong(notBefore.getEpochSecond()).putLong(notAfter.getEpochSecond());
        out.putShort((short) audience.length()).put(audience.getBytes(StandardCharsets.US_ASCII));
        return out.array();
    }

    /** What the signature is over. */
    byte[] toBeSigned() {
        return join(CONTEXT, body());
    }

    private byte[] encode() {
        return join(body(), signature);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** The signature itself; ours, not to be changed. */
    byte[] signature() {
        return signature;
    }

    /**
     * Which key it says it was signed with.
     *
     * @return 16 hexadecimal digits
     */
    public String keyId() {
        return keyId;
    }

    /**
     * Where the client is said to be.
     *
     * @return the hint
     */
    public GeoHint hint() {
        return hint;
    }

    /**
     * When the window begins.
     *
     * @return the first second in which it is valid
     */
    public Instant notBefore() {
        return notBefore;
    }

    /**
     * When the window ends.
     *
     * @return the first second in which it is no longer valid
     */
    public Instant notAfter() {
        return notAfter;
    }

    /**
     * Whom it is for.
     *
     * @return the authority of the next hop, lower case
     */
    public String audience() {
        return audience;
    }

    /**
     * The field value.
     *
     * @return a structured field byte sequence
     */
    public String format() {
        return ':' + Base64.getEncoder().encodeToString(encode()) + ':';
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GeoAttestation attestation
                && keyId.equals(attestation.keyId)
                && hint.equals(attestation.hint)
                && notBefore.equals(attestation.notBefore)
                && notAfter.equals(attestation.notAfter)
                && audience.equals(attestation.audience)
                && Arrays.equals(signature, attestation.signature);
    }

    @Override
    public int hashCode() {
        return Objects.hash(keyId, hint, notBefore, notAfter, audience, Arrays.hashCode(signature));
    }

    /** What it says, without the signature. */
    @Override
    public String toString() {
        return hint + " for " + audience + " from " + notBefore + " to " + notAfter + " by key " + keyId;
    }

    private static MalformedGeoException syntax() {
        return new MalformedGeoException(Reason.SYNTAX, "not an attestation");
    }
}
