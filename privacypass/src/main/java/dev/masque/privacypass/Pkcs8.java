package dev.masque.privacypass;

import java.io.IOException;
import java.math.BigInteger;
import java.security.InvalidKeyException;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.util.BigIntegers;

/** Private keys as PKCS #8 (RFC 5958): RSA and P-384 as usual, a scalar of ristretto255 under a name of our own. */
final class Pkcs8 {
    /** There is no name for such keys; this one is of the kind that needs no register (X.667). */
    private static final ASN1ObjectIdentifier RISTRETTO255 =
            new ASN1ObjectIdentifier("2.25.145628662734302106116842566101967460951");

    private static final int P384_BITS = 384;

    private Pkcs8() {}

    static byte[] encode(PrivateHalf key) {
        TokenType type = key.tokenKey().type();
        if (!type.amortizes()) {
            return key.encoded();
        }
        try {
            return info(type, key.encoded()).getEncoded("DER");
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory", e);
        }
    }

    private static PrivateKeyInfo info(TokenType type, byte[] scalar) throws IOException {
        return type.equals(TokenType.VOPRF_P384)
                ? new PrivateKeyInfo(
                        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp384r1),
                        new ECPrivateKey(P384_BITS, new BigInteger(1, scalar)))
                : new PrivateKeyInfo(new AlgorithmIdentifier(RISTRETTO255), new DEROctetString(scalar));
    }

    static PrivateHalf decode(TokenType type, byte[] encoded) throws InvalidKeyException {
        if (!type.amortizes()) {
            return PrivateHalf.parse(type, encoded);
        }
        try {
            PrivateKeyInfo info = PrivateKeyInfo.getInstance(encoded);
            AlgorithmIdentifier algorithm = info.getPrivateKeyAlgorithm();
            if (type.equals(TokenType.VOPRF_P384)
                    && algorithm.getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)
                    && SECObjectIdentifiers.secp384r1.equals(algorithm.getParameters())) {
                BigInteger scalar =
                        ECPrivateKey.getInstance(info.parsePrivateKey()).getKey();
                return PrivateHalf.parse(type, BigIntegers.asUnsignedByteArray(P384_BITS / 8, scalar));
            }
            if (type.equals(TokenType.VOPRF_RISTRETTO255)
                    && algorithm.getAlgorithm().equals(RISTRETTO255)) {
                return PrivateHalf.parse(
                        type,
                        ASN1OctetString.getInstance(info.parsePrivateKey()).getOctets());
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidKeyException("not a private key in PKCS #8"); // without what was read
        }
        throw new InvalidKeyException("a private key of another kind");
    }
}
