package dev.masque.core.tls;

import dev.masque.core.tls.IdentityException.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Certificates and keys from files. Thread-safe. What is loaded is checked: the key is that of the certificate. */
public final class Identities {
    private Identities() {}

    /**
     * An identity from PEM files, read again on {@link ReloadableIdentity#reload()}.
     *
     * @param certificates the server's certificate, then those of its issuers
     * @param key the private key, unencrypted PKCS#8 ({@code BEGIN PRIVATE KEY})
     * @return the identity
     * @throws IdentityException if a file cannot be read or used; the message says what to do
     */
    public static ReloadableIdentity fromPem(Path certificates, Path key) throws IdentityException {
        return new ReloadableIdentity(() -> PemIdentity.load(certificates, key), certificates, key);
    }

    /**
     * An identity from a PKCS#12 or JKS file with one private key, read again on {@link ReloadableIdentity#reload()}.
     *
     * @param file the key store
     * @param password opens the store and the key; cleared from this method's copy only
     * @return the identity
     * @throws IdentityException if the file cannot be read or used; the message says what to do
     */
    public static ReloadableIdentity fromKeyStore(Path file, char[] password) throws IdentityException {
        char[] kept = password.clone();
        return new ReloadableIdentity(() -> load(file, kept), file);
    }

    /**
     * An identity from a key store with one private key.
     *
     * @param store a loaded key store
     * @param password of the key
     * @return the identity
     * @throws IdentityException if there is no private key or it cannot be used
     */
    public static TlsIdentity fromKeyStore(KeyStore store, char[] password) throws IdentityException {
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    return identity(store.getKey(alias, password), store.getCertificateChain(alias));
                }
            }
            throw new IdentityException(Problem.KEY, "the key store has no private key", null);
        } catch (UnrecoverableKeyException e) {
            throw new IdentityException(Problem.PASSWORD, "the password does not open the private key", e);
        } catch (GeneralSecurityException e) {
            throw new IdentityException(Problem.KEY, "the key store cannot be used", e);
        }
    }

    private static TlsIdentity load(Path file, char[] password) throws IdentityException {
        String type = file.toString().toLowerCase(Locale.ROOT).endsWith(".jks") ? "JKS" : "PKCS12";
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(type);
            store.load(in, password);
            return fromKeyStore(store, password);
        } catch (IdentityException e) {
            throw e;
        } catch (IOException e) {
            boolean wrong = e.getCause() instanceof UnrecoverableKeyException;
            throw new IdentityException(
                    wrong ? Problem.PASSWORD : Problem.UNREADABLE,
                    (wrong ? "the password does not open " : "cannot read the key store ") + file,
                    e);
        } catch (GeneralSecurityException e) {
            throw new IdentityException(Problem.UNREADABLE, "cannot read the key store " + file, e);
        }
    }

    private static TlsIdentity identity(Key key, Certificate[] chain) throws IdentityException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Certificate certificate : chain) {
            if (certificate instanceof X509Certificate x509) {
                certificates.add(x509);
            }
        }
        if (!(key instanceof PrivateKey privateKey) || certificates.isEmpty()) {
            throw new IdentityException(Problem.KEY, "the key store has no private key with a certificate", null);
        }
        return KeyMatch.checked(privateKey, certificates);
    }
}
