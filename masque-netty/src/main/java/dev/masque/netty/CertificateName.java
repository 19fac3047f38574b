package dev.masque.netty;

import io.netty.util.NetUtil;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether a certificate is that of a name or address, RFC 9525: subject alternative names only. Stateless. */
final class CertificateName {
    private static final int DNS_NAME = 2; // GeneralName, RFC 5280, 4.2.1.6
    private static final int IP_ADDRESS = 7;

    private CertificateName() {}

    /** Checks; a name may end in a dot, an IPv6 address is without brackets. */
    static void check(X509Certificate certificate, @Nullable String wanted) throws CertificateException {
        if (wanted == null || wanted.isEmpty()) {
            throw new CertificateException("no name to check");
        }
        byte[] address = NetUtil.createByteArrayFromIpAddressString(wanted);
        String name = withoutDot(wanted.toLowerCase(Locale.ROOT));
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        for (List<?> entry : names == null ? List.<List<?>>of() : names) {
            Object type = entry.get(0);
            Object value = entry.get(1);
            if (!(type instanceof Integer kind) || !(value instanceof String text)) {
                continue;
            }
            boolean matches = address == null
                    ? kind == DNS_NAME && matches(withoutDot(text.toLowerCase(Locale.ROOT)), name)
                    : kind == IP_ADDRESS && Arrays.equals(address, NetUtil.createByteArrayFromIpAddressString(text));
            if (matches) {
                return;
            }
        }
        throw new CertificateException("the certificate is not that of the proxy's name");
    }

    /** Whether a name is an address. */
    static boolean isAddress(String name) {
        return NetUtil.createByteArrayFromIpAddressString(name) != null;
    }

    /** A wildcard stands for one whole leftmost label, RFC 9525, 6.3; and never for the label of a public suffix alone. */
    static boolean matches(String presented, String name) {
        if (!presented.startsWith("*.")) {
            return presented.equals(name) && presented.indexOf('*') < 0;
        }
        String parent = presented.substring(1);
        int dot = name.indexOf('.');
        return dot > 0
                && parent.indexOf('.', 1) > 0
                && parent.indexOf('*') < 0
                && name.substring(dot).equals(parent);
    }

    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
