package dev.masque.privacypass.blindrsa;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.ProviderException;
import java.security.interfaces.RSAPrivateCrtKey;
import javax.crypto.Cipher;

/** The RSA private operation of a security provider, without padding. Thread-safe as far as the provider is. */
final class ProviderPower {
    private static final String PLAIN = "RSA/ECB/NoPadding";

    private final Provider provider;
    private final BlindRsaPublicKey publicKey;
    private final Key key;

    ProviderPower(Provider provider, BlindRsaPublicKey publicKey, RSAPrivateCrtKey key) throws InvalidKeyException {
        this.provider = provider;
        this.publicKey = publicKey;
        this.key = own(provider, key);
    }

    /** The key as the provider holds it, so that it does not read it for each operation. */
    private static Key own(Provider provider, RSAPrivateCrtKey key) throws InvalidKeyException {
        try {
            return KeyFactory.getInstance(key.getAlgorithm(), provider).translateKey(key);
        } catch (NoSuchAlgorithmException none) {
            return key; // the keys of one provider serve the ciphers of others
        }
    }

    /** base^d, which is not negative and below the modulus, as the base is. */
    BigInteger of(BigInteger base) {
        try {
            Cipher cipher = Cipher.getInstance(PLAIN, provider);
            cipher.init(Cipher.DECRYPT_MODE, key);
            return new BigInteger(1, cipher.doFinal(publicKey.toBytes(base)));
        } catch (GeneralSecurityException e) {
            throw new ProviderException(provider.getName() + " failed in " + PLAIN, e);
        }
    }
}
