package dev.masque.ohttp.client;

import dev.masque.ohttp.bhttp.Field;
import dev.masque.ohttp.bhttp.Fields;
import java.util.Locale;
import java.util.Set;

/** Takes out of a request what would tell its sender (RFC 9458, section 6.1), but for names that the application keeps. */
final class Scrubbing {
    private static final Set<String> IDENTIFYING = Set.of(
            "cookie",
            "cookie2",
            "user-agent",
            "referer",
            "from",
            "authorization",
            "proxy-authorization",
            "forwarded",
            "via",
            "x-real-ip",
            "client-ip",
            "true-client-ip",
            "cf-connecting-ip",
            "accept-language",
            "dnt",
            "device-memory",
            "downlink",
            "ect",
            "rtt",
            "viewport-width",
            "dpr",
            "if-none-match",
            "if-modified-since",
            "traceparent",
            "tracestate",
            "baggage",
            "x-request-id",
            "x-correlation-id");

    private final Set<String> kept;

    Scrubbing(Set<String> kept) {
        this.kept = kept;
    }

    Fields scrub(Fields fields) {
        boolean token = fields.all("authorization").allMatch(Scrubbing::isPrivateToken);
        return fields.without(
                name -> !kept.contains(name) && identifying(name) && !(token && name.equals("authorization")));
    }

    /** A Privacy Pass token (RFC 9577) is made to tell nothing. */
    private static boolean isPrivateToken(String authorization) {
        return authorization.toLowerCase(Locale.ROOT).startsWith("privatetoken ");
    }

    private static boolean identifying(String name) {
        return IDENTIFYING.contains(name) || name.startsWith("x-forwarded-") || name.startsWith("sec-ch-");
    }

    static Fields with(Fields fields, Field field) {
        return fields.without(field.name()::equals).with(field.name(), field.value());
    }
}
