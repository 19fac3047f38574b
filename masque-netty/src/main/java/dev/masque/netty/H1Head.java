package dev.masque.netty;

import dev.masque.core.spi.HeaderFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The head of a message of HTTP/1.1, RFC 9112, as it stood on the wire: three parts of the start line and the fields.
 *
 * @param first the method, or the version of a response
 * @param second the request target, or the status
 * @param third the version of a request, or the reason phrase
 * @param fields all fields
 */
record H1Head(String first, String second, String third, HeaderFields fields) {
    private static final Set<String> OF_CONNECTION =
            Set.of("connection", "proxy-connection", "keep-alive", "te", "transfer-encoding", "upgrade");

    /** The members of a list field, lower case. */
    List<String> list(String name) {
        List<String> members = new ArrayList<>(2);
        for (String line : fields.all(name)) {
            for (String member : line.split(",", -1)) {
                String trimmed = HeadRules.lower(member.strip());
                if (!trimmed.isEmpty()) {
                    members.add(trimmed);
                }
            }
        }
        return members;
    }

    /** The fields without those of the connection, RFC 9110, 7.6.1. */
    HeaderFields endToEnd(boolean request) {
        List<String> named = list("connection");
        HeaderFields.Builder kept = HeaderFields.builder();
        for (HeaderFields.Field field : fields) {
            String name = field.name();
            if (!OF_CONNECTION.contains(name) && !named.contains(name) && !(request && name.equals("host"))) {
                kept.add(name, field.value());
            }
        }
        return kept.build();
    }

    /** Whether a field of outgoing messages is the transport's own business. */
    static boolean isOfConnection(String name) {
        return OF_CONNECTION.contains(name) || name.equals("host");
    }
}
