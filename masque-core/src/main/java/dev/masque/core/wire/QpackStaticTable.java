package dev.masque.core.wire;

import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The static table of QPACK, RFC 9204, appendix A. */
final class QpackStaticTable {
    static final List<Map.Entry<String, String>> ROWS = List.of(
            row(":authority", ""),
            row(":path", "/"),
            row("age", "0"),
            row("content-disposition", ""),
            row("content-length", "0"),
            row("cookie", ""),
            row("date", ""),
            row("etag", ""),
            row("if-modified-since", ""),
            row("if-none-match", ""),
            row("last-modified", ""),
            row("link", ""),
            row("location", ""),
            row("referer", ""),
            row("set-cookie", ""),
            row(":method", "CONNECT"),
            row(":method", "DELETE"),
            row(":method", "GET"),
            row(":method", "HEAD"),
            row(":method", "OPTIONS"),
            row(":method", "POST"),
            row(":method", "PUT"),
            row(":scheme", "http"),
            row(":scheme", "https"),
            row(":status", "103"),
            row(":status", "200"),
            row(":status", "304"),
            row(":status", "404"),
            row(":status", "503"),
            row("accept", "*/*"),
            row("accept", "application/dns-message"),
            row("accept-encoding", "gzip, deflate, br"),
            row("accept-ranges", "bytes"),
            row("access-control-allow-headers", "cache-control"),
            row("access-control-allow-headers", "content-type"),
            row("access-control-allow-origin", "*"),
            row("cache-control", "max-age=0"),
            row("cache-control", "max-age=2592000"),
            row("cache-control", "max-age=604800"),
            row("cache-control", "no-cache"),
            row("cache-control", "no-store"),
            row("cache-control", "public, max-age=31536000"),
            row("content-encoding", "br"),
            row("content-encoding", "gzip"),
            row("content-type", "application/dns-message"),
            row("content-type", "application/javascript"),
            row("content-type", "application/json"),
            row("content-type", "application/x-www-form-urlencoded"),
            row("content-type", "image/gif"),
            row("content-type", "image/jpeg"),
            row("content-type", "image/png"),
            row("content-type", "text/css"),
            row("content-type", "text/html; charset=utf-8"),
            row("content-type", "text/plain"),
            row("content-type", "text/plain;charset=utf-8"),
            row("range", "bytes=0-"),
            row("strict-transport-security", "max-age=31536000"),
            row("strict-transport-security", "max-age=31536000; includesubdomains"),
            row("strict-transport-security", "max-age=31536000; includesubdomains; preload"),
            row("vary", "accept-encoding"),
            row("vary", "origin"),
            row("x-content-type-options", "nosniff"),
            row("x-xss-protection", "1; mode=block"),
            row(":status", "100"),
            row(":status", "204"),
            row(":status", "206"),
            row(":status", "302"),
            row(":status", "400"),
            row(":status", "403"),
            row(":status", "421"),
            row(":status", "425"),
            row(":status", "500"),
            row("accept-language", ""),
            row("access-control-allow-credentials", "FALSE"),
            row("access-control-allow-credentials", "TRUE"),
            row("access-control-allow-headers", "*"),
            row("access-control-allow-methods", "get"),
            row("access-control-allow-methods", "get, post, options"),
            row("access-control-allow-methods", "options"),
            row("access-control-expose-headers", "content-length"),
            row("access-control-request-headers", "content-type"),
            row("access-control-request-method", "get"),
            row("access-control-request-method", "post"),
            row("alt-svc", "clear"),
            row("authorization", ""),
            row("content-security-policy", "script-src \\'none\\'; object-src \\'none\\'; base-uri \\'none\\'"),
            row("early-data", "1"),
            row("expect-ct", ""),
            row("forwarded", ""),
            row("if-range", ""),
            row("origin", ""),
            row("purpose", "prefetch"),
            row("server", ""),
            row("timing-allow-origin", "*"),
            row("upgrade-insecure-requests", "1"),
            row("user-agent", ""),
            row("x-forwarded-for", ""),
            row("x-frame-options", "deny"),
            row("x-frame-options", "sameorigin"));

    private static final Map<Map.Entry<String, String>, Integer> BY_FIELD = new HashMap<>();
    private static final Map<String, Integer> BY_NAME = new HashMap<>();

    static {
        for (int i = 0; i < ROWS.size(); i++) {
            BY_FIELD.putIfAbsent(ROWS.get(i), i);
            BY_NAME.putIfAbsent(ROWS.get(i).getKey(), i);
        }
    }

    private QpackStaticTable() {}

    private static Map.Entry<String, String> row(String name, String value) {
        return new SimpleImmutableEntry<>(name, value);
    }

    /** The row of a field, -1 if there is none. */
    static int find(Map.Entry<String, String> field) {
        return BY_FIELD.getOrDefault(field, -1);
    }

    /** The first row of a name, -1 if there is none. */
    static int find(String name) {
        return BY_NAME.getOrDefault(name, -1);
    }
}
