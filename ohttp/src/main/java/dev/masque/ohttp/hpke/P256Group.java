package dev.masque.ohttp.hpke;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import javax.crypto.KeyAgreement;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * ECDH on P-256. The operation with the long-lived key, a multiplication of somebody else's point, is the JDK's: its
 * arithmetic for this curve takes the same time for every scalar, which Bouncy Castle does not say of its own. Public keys are
 * made by Bouncy Castle's fixed-point comb, which takes a fixed number of steps and looks its table up cache-safely, because
 * the JDK offers none for a given private key. Stateless.
 */
final class P256Group implements DhGroup {
    private static final int SCALAR = 32;
    private static final int POINT = 65;
    private static final byte UNCOMPRESSED = 4;
    private static final byte[] EMPTY = {};

    private static final ECParameterSpec CURVE = curve();
    private static final BigInteger ORDER = CURVE.getOrder();
    private static final BigInteger P =
            ((java.security.spec.ECFieldFp) CURVE.getCurve().getField()).getP();
    private static final org.bouncycastle.math.ec.ECPoint BASE =
            CustomNamedCurves.getByName("secp256r1").getG();

    @Override
    public byte[] newPrivateKey(SecureRandom random) {
        byte[] key = new byte[SCALAR];
        do {
            random.nextBytes(key);
        } while (!inRange(key));
        return key;
    }

    @Override
    public byte[] derivePrivateKey(LabeledKdf kdf, byte[] ikm) { // RFC 9180, 7.1.3
        byte[] prk = kdf.extract(EMPTY, "dkp_prk", ikm);
        for (int counter = 0; counter < 256; counter++) {
            byte[] key = kdf.expand(prk, "candidate", new byte[] {(byte) counter}, SCALAR);
            if (inRange(key)) {
                return key;
            }
        }
        throw new IllegalStateException("256 candidates out of range"); // one in 2^8192
    }

    @Override
    public byte[] publicKey(byte[] privateKey) {
        return new FixedPointCombMultiplier()
                .multiply(BASE, new BigInteger(1, privateKey))
                .getEncoded(false);
    }

    @Override
    public void checkPrivateKey(byte[] privateKey) throws HpkeException {
        if (privateKey.length != SCALAR || !inRange(privateKey)) {
            throw new HpkeException("no P-256 private key");
        }
    }

    @Override
    public void checkPublicKey(byte[] publicKey) throws HpkeException {
        point(publicKey);
    }

    @Override
    public byte[] agree(byte[] privateKey, byte[] publicKey) throws HpkeException {
        ECPoint point = point(publicKey);
        try {
            KeyFactory keys = KeyFactory.getInstance("EC");
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
            agreement.init(keys.generatePrivate(new ECPrivateKeySpec(new BigInteger(1, privateKey), CURVE)));
            agreement.doPhase(keys.generatePublic(new ECPublicKeySpec(point, CURVE)), true);
            return agreement.generateSecret();
        } catch (GeneralSecurityException | IllegalStateException e) {
            throw new HpkeException(
                    "no acceptable P-256 public key"); // without the cause: it may quote what it was given
        }
    }

    /** The point of an uncompressed encoding, if it is on the curve (RFC 9180, 7.1.4). */
    private static ECPoint point(byte[] encoded) throws HpkeException {
        if (encoded.length != POINT || encoded[0] != UNCOMPRESSED) {
            throw new HpkeException("no P-256 public key");
        }
        BigInteger x = new BigInteger(1, encoded, 1, SCALAR);
        BigInteger y = new BigInteger(1, encoded, 1 + SCALAR, SCALAR);
        BigInteger right = x.multiply(x)
                .add(CURVE.getCurve().getA())
                .multiply(x)
                .add(CURVE.getCurve().getB())
                .mod(P);
        if (x.compareTo(P) >= 0 || y.compareTo(P) >= 0 || !y.multiply(y).mod(P).equals(right)) {
            throw new HpkeException("no point on P-256");
        }
        return new ECPoint(x, y);
    }

    private static boolean inRange(byte[] scalar) {
        BigInteger value = new BigInteger(1, scalar);
        return value.signum() > 0 && value.compareTo(ORDER) < 0;
    }

    private static ECParameterSpec curve() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no P-256", e);
        }
    }
}
