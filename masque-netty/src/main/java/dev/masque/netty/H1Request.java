package dev.masque.netty;

import dev.masque.core.MalformedException;
import dev.masque.core.Target;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.RequestHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as a server understands it, RFC 9112. Immutable.
 *
 * @param head what it means
 * @param length bytes of content, or -1 if it is chunked
 * @param http10 whether the client speaks HTTP/1.0
 * @param keepAlive whether the client wants to go on after it
 * @param expectsContinue whether the client waits for a 100
 */
record H1Request(RequestHead head, long length, boolean http10, boolean keepAlive, boolean expectsContinue) {
    static final long CHUNKED = -1;

    private static final int MAX_LENGTH_DIGITS = 18;

    static H1Request of(H1Head head) throws H1Exception {
        boolean http10 = head.third().equals("HTTP/1.0");
        if (!http10 && !head.third().equals("HTTP/1.1")) {
            throw new H1Exception(head.third().startsWith("HTTP/") ? 505 : 400, "version is not valid");
        }
        try {
            RequestHead request = request(head, http10);
            long length = length(head.fields(), http10);
            if (head.first().equals("CONNECT") || request.protocol() != null) {
                HeadRules.checkNoContent(head.fields());
            }
            List<String> connection = head.list("connection");
            boolean keepAlive = !http10 && !connection.contains("close");
            boolean expects = !http10 && head.list("expect").contains("100-continue");
            return new H1Request(request, length, http10, keepAlive, expects);
        } catch (H1Exception e) {
            throw e;
        } catch (MalformedException e) {
            throw new H1Exception(400, "request is malformed", e);
        }
    }

    /** Bytes of content that two fields declare; where they could be read in two ways, an error. RFC 9112, 6.3. */
    static long length(HeaderFields fields, boolean http10) throws H1Exception {
        List<String> lengths = fields.all("content-length");
        List<String> codings = fields.all("transfer-encoding");
        if (codings.isEmpty()) {
            return lengths.isEmpty() ? 0 : parseLength(lengths);
        }
        if (!lengths.isEmpty() || http10) {
            throw new H1Exception(400, "content with two lengths");
        }
        if (codings.size() != 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
            throw new H1Exception(501, "unknown transfer coding");
        }
        return CHUNKED;
    }

    private static long parseLength(List<String> lengths) throws H1Exception {
        String length = lengths.get(0);
        boolean digits = !length.isEmpty() && length.chars().allMatch(c -> c >= '0' && c <= '9');
        if (lengths.size() != 1 || !digits || length.length() > MAX_LENGTH_DIGITS) {
            throw new H1Exception(400, "content length is not valid");
        }
        return Long.parseLong(length);
    }

    private static RequestHead request(H1Head head, boolean http10) throws MalformedException {
        String method = head.first();
        HeadRules.checkMethod(method);
        String host = host(head, http10);
        String target = head.second();
        if (!HeadRules.isVisible(target)) {
            throw new MalformedException("target has an illegal character");
        }
        HeaderFields fields = head.endToEnd(true);
        if (method.equals("CONNECT")) {
            HeadRules.checkConnectAuthority(target);
            Target.parse(target);
            return RequestHead.connect(target, fields);
        }
        if (target.startsWith("/") || target.equals("*")) {
            HeadRules.checkPath(method, target);
            return isUpgrade(head, http10)
                    ? upgrade(host, target, fields)
                    : new RequestHead(method, "https", host, target, null, fields);
        }
        return absolute(method, target, fields);
    }

    private static RequestHead upgrade(@Nullable String host, String path, HeaderFields fields)
            throws MalformedException {
        if (host == null) {
            throw new MalformedException("an upgrade without a host");
        }
        return RequestHead.connectUdp(host, path, fields);
    }

    /** RFC 9298, 3.2. Other upgrades are ignored, as RFC 9110, 7.8 allows. */
    private static boolean isUpgrade(H1Head head, boolean http10) {
        return !http10
                && head.first().equals("GET")
                && head.list("connection").contains("upgrade")
                && head.list("upgrade").contains(RequestHead.CONNECT_UDP);
    }

    /** The absolute form, as proxies get it; its authority replaces the Host, RFC 9112, 3.2.2. */
    private static RequestHead absolute(String method, String target, HeaderFields fields) throws MalformedException {
        int colon = target.indexOf("://");
        String scheme = colon < 0 ? "" : HeadRules.lower(target.substring(0, colon));
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new MalformedException("target is not valid");
        }
        int start = colon + 3;
        int end = start;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        String authority = target.substring(start, end);
        if (authority.isEmpty()) {
            throw new MalformedException("target without a host");
        }
        HeadRules.checkHost(authority);
        String path = target.substring(end);
        if (!path.startsWith("/")) {
            path = "/" + path;
        }
        HeadRules.checkPath(method, path);
        return new RequestHead(method, scheme, authority, path, null, fields);
    }

    @Nullable private static String host(H1Head head, boolean http10) throws MalformedException {
        List<String> hosts = head.fields().all("host");
        if (hosts.size() > 1 || hosts.isEmpty() && !http10) {
            throw new MalformedException("not one Host"); // RFC 9112, 3.2
        }
        if (hosts.isEmpty() || hosts.get(0).isEmpty()) {
            return null;
        }
        HeadRules.checkHost(hosts.get(0));
        return hosts.get(0);
    }
}
