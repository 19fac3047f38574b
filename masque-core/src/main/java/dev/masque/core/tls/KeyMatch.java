package dev.masque.core.tls;

import dev.masque.core.tls.IdentityException.Problem;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;

/** Finds out whether a private key is that of a certificate: what it signs, the certificate verifies. Without state. */
final class KeyMatch {
    private KeyMatch() {}

    static TlsIdentity checked(PrivateKey key, List<X509Certificate> chain) throws IdentityException {
        if (!matches(key, chain.get(0).getPublicKey())) {
            throw new IdentityException(
                    Problem.MISMATCH,
                    "the private key is not that of the first certificate; the server's own certificate comes first",
                    null);
        }
        return new TlsIdentity(key, chain);
    }

    static boolean matches(PrivateKey key, PublicKey certified) throws IdentityException {
        byte[] message = new byte[32];
        new SecureRandom().nextBytes(message);
        try {
            Signature signature = signature(key.getAlgorithm());
            signature.initSign(key);
            signature.update(message);
            byte[] signed = signature.sign();
            Signature verifier = signature(key.getAlgorithm());
            verifier.initVerify(certified);
            verifier.update(message);
            return verifier.verify(signed);
        } catch (java.security.InvalidKeyException | java.security.SignatureException e) {
            return false; // keys of different kinds
        } catch (GeneralSecurityException e) {
            throw new IdentityException(Problem.KEY_FORMAT, "this JDK cannot use keys of " + key.getAlgorithm(), e);
        }
    }

    private static Signature signature(String algorithm) throws GeneralSecurityException {
        return switch (algorithm) {
            case "RSA" -> Signature.getInstance("SHA256withRSA");
            case "EC" -> Signature.getInstance("SHA256withECDSA");
            case "RSASSA-PSS" -> pss();
            default -> Signature.getInstance(algorithm); // EdDSA, Ed25519
        };
    }

    private static Signature pss() throws GeneralSecurityException {
        Signature pss = Signature.getInstance("RSASSA-PSS");
        pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        return pss;
    }
}
