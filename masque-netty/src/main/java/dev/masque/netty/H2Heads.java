package dev.masque.netty;

import dev.masque.core.MalformedException;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResponseHead;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Heads to and from header sections of HTTP/2, RFC 9113, section 8, and RFC 8441. Stateless. */
final class H2Heads {
    /** Fields of an HTTP/1.1 connection, RFC 9113, 8.2.2. */
    private static final Set<String> CONNECTION_FIELDS =
            Set.of("connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade");

    private H2Heads() {}

    static Http2Headers encode(RequestHead head) {
        Http2Headers headers = new DefaultHttp2Headers(false, 16);
        headers.method(head.method());
        put(headers, ":scheme", head.scheme());
        put(headers, ":authority", head.authority());
        put(headers, ":path", head.path());
        put(headers, ":protocol", head.protocol());
        addAll(headers, head.fields());
        return headers;
    }

    static Http2Headers encode(ResponseHead head) {
        Http2Headers headers = new DefaultHttp2Headers(false, 16);
        headers.status(Integer.toString(head.status()));
        addAll(headers, head.fields());
        return headers;
    }

    /**
     * A request.
     *
     * @throws MalformedException if it is malformed in the sense of RFC 9113, 8.1.1
     */
    static RequestHead request(Http2Headers headers) throws MalformedException {
        Section section = new Section(headers);
        String method = section.require(":method");
        HeadRules.checkMethod(method);
        if (section.pseudo(":status") != null) {
            throw new MalformedException("a status in a request");
        }
        String host = section.host;
        String authority = section.pseudo(":authority");
        if (authority != null && host != null && !authority.equalsIgnoreCase(host)) {
            throw new MalformedException("host and :authority differ");
        }
        String protocol = section.pseudo(":protocol");
        if (method.equals("CONNECT") && protocol == null) {
            return connect(section, authority);
        }
        if (protocol != null && !method.equals("CONNECT")) {
            throw new MalformedException(":protocol without CONNECT");
        }
        String scheme = section.require(":scheme");
        String path = section.require(":path");
        HeadRules.checkPath(method, path);
        authority = authority == null && host != null && !host.isEmpty() ? host : authority;
        if (authority != null) {
            HeadRules.checkHost(authority);
        } else if (protocol != null) {
            throw new MalformedException("extended CONNECT without :authority");
        }
        HeaderFields fields = section.fields.build();
        if (protocol != null) {
            HeadRules.checkToken(protocol);
            HeadRules.checkNoContent(fields);
        }
        return new RequestHead(method, scheme, authority, path, protocol, fields);
    }

    private static RequestHead connect(Section section, @Nullable String authority) throws MalformedException {
        if (authority == null || section.pseudo(":scheme") != null || section.pseudo(":path") != null) {
            throw new MalformedException("CONNECT takes :method and :authority"); // RFC 9113, 8.5
        }
        HeadRules.checkConnectAuthority(authority);
        HeaderFields fields = section.fields.build();
        HeadRules.checkNoContent(fields);
        return RequestHead.connect(authority, fields);
    }

    /**
     * A response.
     *
     * @throws MalformedException if it is malformed in the sense of RFC 9113, 8.1.1
     */
    static ResponseHead response(Http2Headers headers) throws MalformedException {
        Section section = new Section(headers);
        int status = HeadRules.parseStatus(section.require(":status"));
        if (section.pseudos != 1 || status == 101) { // RFC 9113, 8.6
            throw new MalformedException("not a response of HTTP/2");
        }
        HeaderFields.Builder fields = HeaderFields.builder();
        if (section.host != null) {
            HeadRules.add(fields, "host", section.host);
        }
        return new ResponseHead(status, fields.addAll(section.fields.build()).build());
    }

    private static void put(Http2Headers headers, String name, @Nullable String value) {
        if (value != null) {
            headers.add(name, value);
        }
    }

    private static void addAll(Http2Headers headers, HeaderFields fields) {
        for (HeaderFields.Field field : fields) {
            if (!CONNECTION_FIELDS.contains(field.name())) {
                headers.add(field.name(), field.value());
            }
        }
    }

    /** A header section, taken apart. */
    private static final class Section {
        private static final String[] PSEUDO = {":method", ":scheme", ":authority", ":path", ":protocol", ":status"};

        private final @Nullable String[] values = new String[PSEUDO.length];
        private final HeaderFields.Builder fields = HeaderFields.builder();
        private int pseudos;
        private int regular;

        @Nullable private String host;

        Section(Http2Headers headers) throws MalformedException {
            for (Map.Entry<CharSequence, CharSequence> entry : headers) {
                String name = entry.getKey().toString();
                String value = entry.getValue().toString();
                if (name.startsWith(":")) {
                    addPseudo(name, value);
                } else {
                    addField(name, value);
                }
            }
        }

        private void addPseudo(String name, String value) throws MalformedException {
            if (regular > 0) {
                throw new MalformedException("a pseudo-header field after a field");
            }
            pseudos++;
            for (int i = 0; i < PSEUDO.length; i++) {
                if (PSEUDO[i].equals(name)) {
                    if (values[i] != null || !HeadRules.isVisible(value)) {
                        throw new MalformedException("a pseudo-header field twice, empty, or with illegal characters");
                    }
                    values[i] = value;
                    return;
                }
            }
            throw new MalformedException("unknown pseudo-header field");
        }

        private void addField(String name, String value) throws MalformedException {
            regular++;
            if (CONNECTION_FIELDS.contains(name) || name.equals("te") && !value.equals("trailers")) {
                throw new MalformedException("a field of another connection");
            }
            if (name.equals("host")) {
                if (host != null) {
                    throw new MalformedException("several hosts");
                }
                host = value;
                return;
            }
            HeadRules.add(fields, name, value);
        }

        @Nullable String pseudo(String name) {
            for (int i = 0; i < PSEUDO.length; i++) {
                if (PSEUDO[i].equals(name)) {
                    return values[i];
                }
            }
            return null;
        }

        String require(String name) throws MalformedException {
            String value = pseudo(name);
            if (value == null) {
                throw new MalformedException("a pseudo-header field is missing");
            }
            return value;
        }
    }
}
