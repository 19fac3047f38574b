package dev.masque.core.http3;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResponseHead;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Heads of messages to and from field sections, RFC 9114, 4.2 to 4.4. Stateless. */
public final class Heads {
    private Heads() {}

    /**
     * The field section of a request.
     *
     * @param head the request
     * @return its fields, without those of a connection of another kind
     */
    public static List<Map.Entry<String, String>> encode(RequestHead head) {
        List<Map.Entry<String, String>> section = new ArrayList<>();
        add(section, ":method", head.method());
        add(section, ":protocol", head.protocol());
        add(section, ":scheme", head.scheme());
        add(section, ":authority", head.authority());
        add(section, ":path", head.path());
        return addAll(section, head.fields());
    }

    /**
     * The field section of a response.
     *
     * @param head the response
     * @return its fields, without those of a connection of another kind
     */
    public static List<Map.Entry<String, String>> encode(ResponseHead head) {
        List<Map.Entry<String, String>> section = new ArrayList<>();
        add(section, ":status", Integer.toString(head.status()));
        return addAll(section, head.fields());
    }

    /**
     * The size of a section as RFC 9114, 4.2.2 counts it.
     *
     * @param section the fields
     * @return bytes
     */
    public static long size(List<Map.Entry<String, String>> section) {
        long size = 0;
        for (Map.Entry<String, String> field : section) {
            size += field.getKey().length() + field.getValue().length() + 32;
        }
        return size;
    }

    static RequestHead decodeRequest(List<Map.Entry<String, String>> section) throws H3Exception {
        FieldSection fields = new FieldSection(section);
        String method = HeadRules.token(fields.require(":method"));
        String protocol = fields.pseudo(":protocol");
        String scheme = fields.pseudo(":scheme");
        String path = fields.pseudo(":path");
        String authority = fields.pseudo(":authority");
        fields.checkAllKnown(5);
        boolean tunnel = method.equals("CONNECT");
        if (tunnel && protocol == null) {
            if (authority == null) {
                throw H3Exception.malformed("CONNECT without authority");
            }
            HeadRules.authorityWithPort(authority);
        } else {
            if (scheme == null || path == null) {
                throw H3Exception.malformed("request without scheme or path"); // RFC 9114, 4.3.1
            }
            HeadRules.path(method, path);
        }
        if (protocol != null) {
            HeadRules.token(protocol);
        }
        String host = fields.host();
        if (authority == null) {
            authority = host;
        } else if (host != null && !host.equals(authority)) {
            throw H3Exception.malformed("host is not the authority");
        }
        if (authority == null) {
            throw H3Exception.malformed("request without authority");
        }
        HeadRules.host(authority);
        try {
            RequestHead head = new RequestHead(method, scheme, authority, path, protocol, fields.fields());
            if (tunnel) {
                HeadRules.noContent(head.fields(), head.usesCapsules());
            }
            return head;
        } catch (IllegalArgumentException e) {
            throw H3Exception.malformed("pseudo-header fields do not go together", e);
        }
    }

    static ResponseHead decodeResponse(List<Map.Entry<String, String>> section, RequestHead request)
            throws H3Exception {
        FieldSection fields = new FieldSection(section);
        int status = HeadRules.status(fields.require(":status"));
        fields.checkAllKnown(1);
        if (status == 101) {
            throw H3Exception.malformed("status 101 has no meaning in HTTP/3"); // RFC 9114, 4.5
        }
        ResponseHead head = new ResponseHead(status, fields.responseFields());
        if (request.usesCapsules() && head.isSuccess()) {
            HeadRules.noContent(head.fields(), true);
            if (status >= 204 && status <= 206) {
                throw H3Exception.malformed("status that the Capsule Protocol excludes"); // RFC 9297, 3.2
            }
        }
        return head;
    }

    /** Checks a trailer section, whose fields nobody asks for. */
    static void checkTrailers(List<Map.Entry<String, String>> section) throws H3Exception {
        new FieldSection(section).checkAllKnown(0);
    }

    private static List<Map.Entry<String, String>> addAll(
            List<Map.Entry<String, String>> section, HeaderFields fields) {
        for (HeaderFields.Field field : fields) {
            if (!HeadRules.isOfConnection(field.name())) {
                add(section, field.name(), field.value());
            }
        }
        return section;
    }

    private static void add(List<Map.Entry<String, String>> section, String name, @Nullable String value) {
        if (value != null) {
            section.add(new SimpleImmutableEntry<>(name, value));
        }
    }
}
