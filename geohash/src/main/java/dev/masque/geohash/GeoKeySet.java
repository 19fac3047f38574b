package dev.masque.geohash;

import dev.masque.geohash.MalformedGeoException.Reason;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys a first hop signs attestations with, by key id: the document that it publishes. Immutable.
 *
 * <p>The document is a list of 1 to 8 {@code PUBLIC KEY} blocks in the form of RFC 7468, as {@code openssl pkey -pubout}
 * writes them; text around them is passed over. Keys are rotated with overlap: the next key is published before it signs,
 * and the last one until what it signed has ended. The number is small on purpose: a first hop with a key for each client
 * could tell clients apart by it.
 */
public final class GeoKeySet {
    /** The media type of the document. */
    public static final String MEDIA_TYPE = "application/x-pem-file";

    /** Where a first hop publishes the document. */
    public static final String WELL_KNOWN = "/.well-known/geohash-attestation-keys";

    private static final String ALGORITHM = "Ed25519";
    private static final String LABEL = "PUBLIC KEY";
    private static final int MAX_KEYS = 8;
    private static final int MAX_DOCUMENT = 8192;

    private final Map<String, PublicKey> keys;

    private GeoKeySet(Map<String, PublicKey> keys) {
        this.keys = keys;
    }

    /**
     * A set of keys.
     *
     * @param keys 1 to 8 Ed25519 keys
     * @return the set
     * @throws IllegalArgumentException if there are none or too many, or one is not an Ed25519 key
     */
    public static GeoKeySet of(Collection<PublicKey> keys) {
        if (keys.isEmpty() || keys.size() > MAX_KEYS) {
            throw new IllegalArgumentException("there must be 1 to " + MAX_KEYS + " keys: " + keys.size());
        }
        Map<String, PublicKey> byId = new LinkedHashMap<>();
        for (PublicKey key : keys) {
            requireEd25519(key);
            byId.put(id(key), key);
        }
        return new GeoKeySet(byId);
    }

    /**
     * Reads the document.
     *
     * @param document the text, at most 8192 characters
     * @return the set
     * @throws MalformedGeoException if it holds no key, too many, or one that is not an Ed25519 key
     */
    public static GeoKeySet parse(String document) throws MalformedGeoException {
        List<byte[]> blocks = Pem.read(LABEL, document, MAX_DOCUMENT, MAX_KEYS);
        if (blocks.isEmpty()) {
            throw new MalformedGeoException(Reason.EMPTY, "no public key");
        }
        Map<String, PublicKey> byId = new LinkedHashMap<>();
        for (byte[] block : blocks) {
            PublicKey key;
            try {
                key = KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(block));
            } catch (GeneralSecurityException e) {
                throw new MalformedGeoException(Reason.KEY, "not an Ed25519 public key");
            }
            if (!Arrays.equals(key.getEncoded(), block)) {
                throw new MalformedGeoException(Reason.KEY, "a public key in another encoding");
            }
            byId.put(id(key), key);
        }
        return new GeoKeySet(byId);
    }

    /**
     * The document.
     *
     * @return a PEM block for each key
     */
    public String format() {
        StringBuilder document = new StringBuilder();
        for (PublicKey key : keys.values()) {
            document.append(Pem.write(LABEL, key.getEncoded()));
        }
        return document.toString();
    }

    /**
     * The keys' ids.
     *
     * @return 16 hexadecimal digits for each key, in order of the document
     */
    public Set<String> keyIds() {
        return Collections.unmodifiableSet(keys.keySet());
    }

    @Nullable PublicKey key(String id) {
        return keys.get(id);
    }

    static void requireEd25519(PublicKey key) {
        if (!(key instanceof EdECPublicKey ed && ed.getParams().getName().equals(NamedParameterSpec.ED25519.getName()))
                || key.getEncoded() == null) {
            throw new IllegalArgumentException("not an Ed25519 key: " + key.getAlgorithm());
        }
    }

    static String id(PublicKey key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
            return HexFormat.of().formatHex(hash, 0, GeoAttestation.KEY_ID_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
