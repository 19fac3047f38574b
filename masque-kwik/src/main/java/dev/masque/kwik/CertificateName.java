package dev.masque.kwik;

import dev.masque.core.Target;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a certificate is that of a name or address, RFC 9525: subject alternative names only. Stateless. */
final class CertificateName {
    private static final int DNS_NAME = 2; // GeneralName, RFC 5280, 4.2.1.6
    private static final int IP_ADDRESS = 7;

    private CertificateName() {}

    static void check(X509Certificate certificate, String wanted) throws CertificateException {
        InetAddress address = address(wanted);
        String name = withoutDot(wanted);
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        for (List<?> entry : names == null ? List.<List<?>>of() : names) {
            if (entry.get(0) instanceof Integer kind
                    && entry.get(1) instanceof String text
                    && (address == null
                            ? kind == DNS_NAME && matches(withoutDot(text), name)
                            : kind == IP_ADDRESS && address.equals(address(text)))) {
                return;
            }
        }
        throw new CertificateException("the certificate is not that of the proxy's name");
    }

    /** A wildcard stands for one whole leftmost label, RFC 9525, 6.3. */
    static boolean matches(String presented, String name) {
        if (!presented.startsWith("*.")) {
            return presented.equals(name) && presented.indexOf('*') < 0;
        }
        String parent = presented.substring(1);
        int dot = name.indexOf('.');
        boolean underTop = parent.indexOf('.', 1) > 0;
        return dot > 0
                && underTop
                && parent.indexOf('*') < 0
                && name.substring(dot).equals(parent);
    }

    /** The address that a text is, without ever asking the DNS. */
    @Nullable static InetAddress address(String text) {
        try {
            Optional<InetAddress> address = Target.of(text, 1).address();
            return address.isPresent() ? InetAddress.getByAddress(address.get().getAddress()) : null;
        } catch (IllegalArgumentException | UnknownHostException e) {
            return null;
        }
    }

    private static String withoutDot(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
