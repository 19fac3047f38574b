package dev.masque.core.tls;

import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Takes a certificate by the hash of its key. Only the first of the chain counts: without a check of signatures the others are
 * whatever the peer puts there.
 */
final class PinnedKeys extends X509ExtendedTrustManager {
    private static final String PREFIX = "sha256/";
    private static final int HASH_LENGTH = 32;

    @Nullable private final X509ExtendedTrustManager also;

    private final List<byte[]> pins = new ArrayList<>();

    PinnedKeys(@Nullable X509ExtendedTrustManager also, String... sha256) {
        this.also = also;
        for (String pin : sha256) {
            String base64 = pin.startsWith(PREFIX) ? pin.substring(PREFIX.length()) : pin;
            byte[] hash = Base64.getDecoder().decode(base64);
            if (hash.length != HASH_LENGTH) {
                throw new IllegalArgumentException("a pin is no SHA-256 hash");
            }
            pins.add(hash);
        }
        if (pins.isEmpty()) {
            throw new IllegalArgumentException("no pin");
        }
    }

    private void checkPin(X509Certificate[] chain) throws CertificateException {
        if (chain.length == 0) {
            throw new CertificateException("no certificate");
        }
        chain[0].checkValidity();
        byte[] key = sha256(chain[0].getPublicKey().getEncoded());
        if (pins.stream().noneMatch(pin -> MessageDigest.isEqual(pin, key))) {
            throw new CertificateException("the certificate has none of the pinned keys");
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        if (also != null) {
            also.checkServerTrusted(chain, authType);
        }
        checkPin(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        if (also != null) {
            also.checkServerTrusted(chain, authType, socket);
        }
        checkPin(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        if (also != null) {
            also.checkServerTrusted(chain, authType, engine);
        }
        checkPin(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        if (also != null) {
            also.checkClientTrusted(chain, authType);
        }
        checkPin(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        if (also != null) {
            also.checkClientTrusted(chain, authType, socket);
        }
        checkPin(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        if (also != null) {
            also.checkClientTrusted(chain, authType, engine);
        }
        checkPin(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return also == null ? new X509Certificate[0] : also.getAcceptedIssuers();
    }
}
