package dev.masque.netty;

import dev.masque.core.Bytes;
import dev.masque.core.tls.RawKeyInfo;
import dev.masque.core.tls.RawKeyPin;
import dev.masque.core.tls.RawKeyPins;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateType;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.TlsFatalAlert;
import org.jspecify.annotations.Nullable;

/** What a handshake found out about the peer. Of one event loop. */
final class RawKeyAgreed implements KnownByKey {
    @Nullable private RawKeyPin shown;

    @Nullable private String alpn;

    @Nullable private String serverName;

    private boolean established;

    /** Takes the key of the peer, who has not proved yet to have it. */
    void check(Certificate certificate, RawKeyPins trusted) throws IOException {
        if (certificate.getCertificateType() != CertificateType.RawPublicKey) {
            throw refused(AlertDescription.unsupported_certificate, "a certificate where a raw public key was to come");
        }
        if (certificate.getLength() != 1) { // RFC 8446, 4.4.2
            throw refused(AlertDescription.illegal_parameter, "more than one raw public key");
        }
        Bytes info = Bytes.copyOf(certificate.getCertificateAt(0).getEncoded());
        if (!RawKeyInfo.isSupported(info)) {
            throw refused(AlertDescription.unsupported_certificate, "no key of Ed25519 or P-256");
        }
        RawKeyPin pin = RawKeyPin.ofInfo(info);
        if (!trusted.trusts(pin)) {
            throw refused(AlertDescription.certificate_unknown, "the raw public key is none of those that are pinned");
        }
        shown = pin;
    }

    static TlsFatalAlert refused(short alert, String why) {
        return new TlsFatalAlert(alert, new CertificateException(why));
    }

    /** The handshake is over: what was shown, was proved. */
    void established(SecurityParameters parameters, boolean needsKey) throws IOException {
        if (needsKey && shown == null) {
            throw new TlsFatalAlert(AlertDescription.handshake_failure);
        }
        ProtocolName chosen = parameters.getApplicationProtocol();
        alpn = chosen == null ? null : chosen.getUtf8Decoding();
        serverName = hostName(parameters.getClientServerNames());
        established = true;
    }

    boolean isEstablished() {
        return established;
    }

    private static @Nullable String hostName(@Nullable Vector<?> names) {
        for (Object name : names == null ? List.of() : names) {
            if (name instanceof ServerName server && server.getNameType() == NameType.host_name) {
                return new String(server.getNameData(), StandardCharsets.US_ASCII);
            }
        }
        return null;
    }

    @Override
    public @Nullable String alpn() {
        return alpn;
    }

    @Override
    public @Nullable String serverName() {
        return serverName;
    }

    @Override
    public @Nullable RawKeyPin peerKey() {
        return established ? shown : null;
    }
}
