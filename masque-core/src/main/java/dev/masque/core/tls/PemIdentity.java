package dev.masque.core.tls;

import dev.masque.core.tls.IdentityException.Problem;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Reads a certificate chain and a PKCS#8 key from PEM, RFC 7468. Without state. */
final class PemIdentity {
    private PemIdentity() {}

    static TlsIdentity load(Path certificates, Path key) throws IdentityException {
        List<X509Certificate> chain = certificates(certificates);
        return KeyMatch.checked(
                Pem.pkcs8(key, Pem.privateKey(key), chain.get(0).getPublicKey().getAlgorithm()), chain);
    }

    private static List<X509Certificate> certificates(Path file) throws IdentityException {
        List<X509Certificate> chain = new ArrayList<>();
        for (Pem.Block block : Pem.blocks(file, Problem.CERTIFICATE)) {
            if (block.label().equals("CERTIFICATE")) {
                chain.add(certificate(file, block));
            }
        }
        if (chain.isEmpty()) {
            throw new IdentityException(Problem.CERTIFICATE, "no BEGIN CERTIFICATE in " + file, null);
        }
        return chain;
    }

    private static X509Certificate certificate(Path file, Pem.Block block) throws IdentityException {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(block.content().toArray()));
        } catch (CertificateException e) {
            throw new IdentityException(Problem.CERTIFICATE, "a certificate in " + file + " is broken", e);
        }
    }
}
