package dev.masque.netty;

import dev.masque.core.Bytes;
import dev.masque.core.tls.RawKey;
import dev.masque.core.tls.RawKeyInfo;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.jcajce.util.DefaultJcaJceHelper;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CertificateType;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsRawKeyCertificate;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.jspecify.annotations.Nullable;

/**
 * The cryptography of TLS with raw public keys: records by the JDK, which has AES in hardware; signatures by Bouncy Castle. No other
 * kind of certificate exists for it. Thread-safe.
 */
@SuppressWarnings("JdkObsolete") // collections that the superclass speaks in
final class RawKeyCrypto extends JcaTlsCrypto {
    static final RawKeyCrypto INSTANCE = new RawKeyCrypto(new SecureRandom());

    static final short[] RAW = {CertificateType.RawPublicKey};
    static final int[] SUITES = {CipherSuite.TLS_AES_128_GCM_SHA256, CipherSuite.TLS_AES_256_GCM_SHA384};
    static final int[] GROUPS = {NamedGroup.x25519, NamedGroup.secp256r1};

    private static final int[] SCHEMES = {SignatureScheme.ed25519, SignatureScheme.ecdsa_secp256r1_sha256};

    private final BcTlsCrypto signatures;

    private RawKeyCrypto(SecureRandom random) {
        super(new DefaultJcaJceHelper(), random, random);
        this.signatures = new BcTlsCrypto(random);
    }

    @Override
    public boolean hasCertificateType(short type) {
        return type == CertificateType.RawPublicKey;
    }

    /** What does not have one of the two forms that we speak is not parsed. */
    @Override
    public TlsCertificate createCertificate(short type, byte[] encoding) throws IOException {
        if (type != CertificateType.RawPublicKey) {
            throw RawKeyAgreed.refused(
                    AlertDescription.unsupported_certificate, "a certificate where a raw public key was to come");
        }
        if (!RawKeyInfo.isSupported(Bytes.copyOf(encoding))) {
            throw RawKeyAgreed.refused(AlertDescription.unsupported_certificate, "no key of Ed25519 or P-256");
        }
        return new BcTlsRawKeyCertificate(signatures, encoding);
    }

    /** What the peer may sign with. */
    static Vector<SignatureAndHashAlgorithm> schemes() {
        Vector<SignatureAndHashAlgorithm> schemes = new Vector<>();
        for (int scheme : SCHEMES) {
            schemes.add(SignatureScheme.getSignatureAndHashAlgorithm(scheme));
        }
        return schemes;
    }

    static Vector<ProtocolName> names(List<String> alpn) {
        Vector<ProtocolName> names = new Vector<>();
        alpn.forEach(name -> names.add(ProtocolName.asUtf8Encoding(name)));
        return names;
    }

    /** Signs with a key, if the peer takes signatures of its kind. */
    TlsCredentialedSigner signer(TlsContext context, RawKey key, @Nullable Vector<?> taken, byte[] requestContext)
            throws IOException {
        SignatureAndHashAlgorithm scheme = SignatureScheme.getSignatureAndHashAlgorithm(
                RawKeyInfo.isEd25519(key.info()) ? SignatureScheme.ed25519 : SignatureScheme.ecdsa_secp256r1_sha256);
        if (taken == null || !taken.contains(scheme)) {
            throw new TlsFatalAlert(AlertDescription.handshake_failure);
        }
        AsymmetricKeyParameter secret = PrivateKeyFactory.createKey(key.key().getEncoded());
        TlsCertificate shown = new BcTlsRawKeyCertificate(signatures, key.info().toArray());
        Certificate certificate = new Certificate(
                CertificateType.RawPublicKey, requestContext, new CertificateEntry[] {new CertificateEntry(shown, null)
                });
        return new BcDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context), signatures, secret, certificate, scheme);
    }
}
