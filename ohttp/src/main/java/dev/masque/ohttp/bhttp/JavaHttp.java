package dev.masque.ohttp.bhttp;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Binary HTTP to and from the messages of {@code java.net.http}. Without state. */
public final class JavaHttp {
    // what HttpRequest.Builder does not take, and what java.net.http or the framing says instead
    private static final Set<String> NOT_SET = Set.of("host", "content-length", "expect");

    private JavaHttp() {}

    /**
     * Control data and fields of a request. What its {@link HttpRequest#bodyPublisher} publishes goes beside it; {@code Host},
     * {@code Content-Length}, {@code Expect} and connection-specific fields are left out, for target and framing say them.
     *
     * @param request a request
     * @return its head
     * @throws IllegalArgumentException if the URI has no host or has userinfo, or a field cannot be written
     */
    public static RequestHead head(HttpRequest request) {
        URI uri = request.uri();
        Characters.require(
                uri.getHost() != null && uri.getRawUserInfo() == null, "a URI without host or with userinfo");
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        if (uri.getRawQuery() != null) {
            path += "?" + uri.getRawQuery();
        }
        return new RequestHead(
                request.method(),
                uri.getScheme(),
                uri.getRawAuthority(),
                ascii(path),
                fields(request.headers()).without(NOT_SET::contains));
    }

    /** A URI may have other characters than ASCII; on the wire they are their UTF-8 in percent-encoding. */
    private static String ascii(String path) {
        return path.chars().allMatch(c -> c < 0x80)
                ? path
                : URI.create(path.startsWith("//") ? "/." + path : path)
                        .toASCIIString()
                        .substring(path.startsWith("//") ? 2 : 0);
    }

    /**
     * A request that can be sent, without time limits of its own. {@code Host}, {@code Content-Length}, {@code Expect} and
     * connection-specific fields are left out: the client sets them.
     *
     * @param head control data and fields
     * @param body the content
     * @return a builder, for what else is wanted
     * @throws IllegalArgumentException if {@link #uri} does, or {@code java.net.http} does not send the method
     */
    public static HttpRequest.Builder request(RequestHead head, BodyPublisher body) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri(head)).method(head.method(), body);
        head.fields()
                .withoutConnectionFields()
                .without(NOT_SET::contains)
                .forEach(line -> builder.header(line.name(), line.value()));
        return builder;
    }

    /**
     * What a request asks for. Characters of the path that browsers send and {@link URI} does not take are percent-encoded.
     *
     * @param head control data and fields
     * @return an absolute URI with the scheme {@code http} or {@code https}
     * @throws IllegalArgumentException if there is no target, another scheme, {@code OPTIONS *} or a percent sign alone
     */
    public static URI uri(RequestHead head) {
        String scheme = head.scheme().toLowerCase(Locale.ROOT);
        Characters.require(scheme.equals("https") || scheme.equals("http"), "a scheme that is not HTTP");
        Characters.require(!head.target().isEmpty(), "a request without authority");
        Characters.require(head.path().startsWith("/"), "a request for no path");
        StringBuilder path = new StringBuilder();
        head.path().chars().forEach(c -> {
            if ("\"<>\\^`{|}".indexOf(c) >= 0 || (c == '[' || c == ']')) {
                path.append('%').append(Integer.toHexString(c).toUpperCase(Locale.ROOT));
            } else {
                path.append((char) c);
            }
        });
        URI uri;
        try {
            uri = URI.create(scheme + "://" + head.target() + path);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a request for what is no URI"); // whose message quotes it
        }
        Characters.require(uri.getHost() != null, "a request without host");
        return uri;
    }

    /**
     * A publisher of content.
     *
     * @param content copied
     * @return a publisher, for any number of subscriptions
     */
    public static BodyPublisher publisher(ByteBuffer content) {
        byte[] copy = new byte[content.remaining()];
        content.duplicate().get(copy);
        return copy.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(copy);
    }

    /**
     * Status and fields of a response, connection-specific ones left out.
     *
     * @param response what was received
     * @return its head
     * @throws IllegalArgumentException if the status or a field cannot be written
     */
    public static ResponseHead head(ResponseInfo response) {
        return new ResponseHead(response.statusCode(), fields(response.headers()));
    }

    /**
     * Status and fields of a response, connection-specific ones left out.
     *
     * @param response what was received
     * @return its head
     * @throws IllegalArgumentException if the status or a field cannot be written
     */
    public static ResponseHead head(HttpResponse<?> response) {
        return new ResponseHead(response.statusCode(), fields(response.headers()));
    }

    /**
     * The fields of a message, connection-specific ones left out, white space around values too.
     *
     * @param headers of a request or response
     * @return the fields, sorted by name as {@link HttpHeaders} are
     * @throws IllegalArgumentException if a field cannot be written
     */
    public static Fields fields(HttpHeaders headers) {
        List<Field> lines = new ArrayList<>();
        headers.map().forEach((name, values) -> {
            if (!name.startsWith(":")) { // the JDK's HTTP/2 client shows :status
                values.forEach(value -> lines.add(new Field(name, value.strip())));
            }
        });
        return Fields.of(lines).withoutConnectionFields();
    }

    /**
     * Fields as {@code java.net.http} has them.
     *
     * @param fields a section
     * @return the same, sorted by name
     */
    public static HttpHeaders headers(Fields fields) {
        Map<String, List<String>> map = new LinkedHashMap<>();
        fields.forEach(line ->
                map.computeIfAbsent(line.name(), name -> new ArrayList<>()).add(line.value()));
        return HttpHeaders.of(map, (name, value) -> true);
    }

    /**
     * What a body handler decides by.
     *
     * @param head status and fields
     * @param version of the connection that brought the message
     * @return a response's beginning
     */
    public static ResponseInfo info(ResponseHead head, HttpClient.Version version) {
        return new ReceivedInfo(head.status(), headers(head.fields()), version);
    }

    /**
     * A response with its body. There is no TLS session with the target and no response before it, so that {@code sslSession}
     * and {@code previousResponse} are empty.
     *
     * @param request what was asked
     * @param head status and fields
     * @param body what a body handler made of the content; may be null, as with {@code BodyHandlers.discarding()}
     * @param version of the connection that brought the message: the message itself has none
     * @return the response
     * @param <T> what the body is
     */
    public static <T> HttpResponse<T> response(
            HttpRequest request, ResponseHead head, T body, HttpClient.Version version) {
        return new ReceivedResponse<>(request, head.status(), headers(head.fields()), body, version);
    }

    private record ReceivedInfo(int statusCode, HttpHeaders headers, HttpClient.Version version)
            implements ResponseInfo {}
}
