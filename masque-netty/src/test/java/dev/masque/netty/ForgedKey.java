package dev.masque.netty;

import dev.masque.core.tls.RawKey;
import dev.masque.core.tls.RawKeyInfo;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CertificateType;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsRawKeyCertificate;

/**
 * What a peer shows as its raw public key, whatever it is, and the key that it signs with.
 *
 * @param signing a key that the peer has
 * @param shown what stands in its Certificate message, one entry each
 */
record ForgedKey(RawKey signing, List<byte[]> shown) {
    private static final BcTlsCrypto CRYPTO = new BcTlsCrypto(new SecureRandom());

    ForgedKey(RawKey signing, byte[] shown) {
        this(signing, List.of(shown));
    }

    TlsCredentialedSigner credentials(TlsContext context) throws IOException {
        List<CertificateEntry> entries = new ArrayList<>();
        for (byte[] bytes : shown) {
            entries.add(new CertificateEntry(
                    new BcTlsRawKeyCertificate(CRYPTO, signing.info().toArray()) {
                        @Override
                        public byte[] getEncoded() {
                            return bytes;
                        }
                    },
                    null));
        }
        return new BcDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context),
                CRYPTO,
                PrivateKeyFactory.createKey(signing.key().getEncoded()),
                new Certificate(
                        CertificateType.RawPublicKey, TlsUtils.EMPTY_BYTES, entries.toArray(new CertificateEntry[0])),
                SignatureScheme.getSignatureAndHashAlgorithm(
                        RawKeyInfo.isEd25519(signing.info())
                                ? SignatureScheme.ed25519
                                : SignatureScheme.ecdsa_secp256r1_sha256));
    }
}
