package dev.masque.ohttp.hpke;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** LabeledExtract and LabeledExpand for one suite (RFC 9180, 4). Immutable. */
final class LabeledKdf {
    private static final byte[] VERSION = "HPKE-v1".getBytes(US_ASCII);

    private final byte[] suiteId;

    LabeledKdf(String name, int... ids) {
        suiteId = new byte[name.length() + 2 * ids.length];
        System.arraycopy(name.getBytes(US_ASCII), 0, suiteId, 0, name.length());
        for (int i = 0; i < ids.length; i++) {
            suiteId[name.length() + 2 * i] = (byte) (ids[i] >> 8);
            suiteId[name.length() + 2 * i + 1] = (byte) ids[i];
        }
    }

    byte[] extract(byte[] salt, String label, byte[] ikm) {
        return Hkdf.extract(salt, VERSION, suiteId, label.getBytes(US_ASCII), ikm);
    }

    byte[] expand(byte[] prk, String label, byte[] info, int length) {
        byte[] declared = {(byte) (length >> 8), (byte) length};
        return Hkdf.expand(prk, length, declared, VERSION, suiteId, label.getBytes(US_ASCII), info);
    }
}
