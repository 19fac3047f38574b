package dev.masque.ohttp.bhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JavaHttpTest {
    private static RequestHead head(String authority, String path, String... fields) {
        return new RequestHead("GET", "https", authority, path, Fields.of(fields));
    }

    @Test
    void aRequestComesBackAsItWas() {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://a.example:8443/p%20q/?x=%2F&y"))
                .method("PATCH", BodyPublishers.ofString("body"))
                .header("X-One", "1")
                .header("Accept", "a")
                .header("Accept", "b")
                .build();

        RequestHead head = JavaHttp.head(request);
        HttpRequest back = JavaHttp.request(head, JavaHttp.publisher(ByteBuffer.wrap(new byte[4])))
                .build();

        assertThat(head)
                .isEqualTo(new RequestHead(
                        "PATCH",
                        "https",
                        "a.example:8443",
                        "/p%20q/?x=%2F&y",
                        Fields.of("accept", "a", "accept", "b", "x-one", "1")));
        assertThat(back.uri()).isEqualTo(request.uri());
        assertThat(back.method()).isEqualTo("PATCH");
        assertThat(back.headers()).isEqualTo(request.headers());
        assertThat(back.bodyPublisher())
                .hasValueSatisfying(body -> assertThat(body.contentLength()).isEqualTo(4));
    }

    @ParameterizedTest
    @CsvSource({
        "https://a, a, /",
        "HTTP://A.b:80?q, A.b:80, /?q",
        "https://[::1]:1/x, [::1]:1, /x",
        "https://a/\u00e9?\u00fc, a, /%C3%A9?%C3%BC",
        "https://a//b\u00e9, a, //b%C3%A9"
    })
    void aUriIsTakenApart(String uri, String authority, String path) {
        RequestHead head = JavaHttp.head(HttpRequest.newBuilder(URI.create(uri)).build());

        assertThat(head.authority()).isEqualTo(authority);
        assertThat(head.path()).isEqualTo(path);
    }

    @Test
    void userinfoIsRefused() {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("https://user:secret@a/")).build();

        assertThatThrownBy(() -> JavaHttp.head(request))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void fieldsThatTheJdkSetsItselfAreLeftOut() {
        HttpRequest request = JavaHttp.request(
                        head(
                                "a",
                                "/",
                                "host",
                                "a",
                                "content-length",
                                "0",
                                "expect",
                                "100-continue",
                                "connection",
                                "x-hop",
                                "x-hop",
                                "1",
                                "upgrade",
                                "h2c",
                                "te",
                                "trailers",
                                "transfer-encoding",
                                "chunked",
                                "x",
                                "1",
                                "date",
                                "now"),
                        BodyPublishers.noBody())
                .build();

        assertThat(request.headers().map()).isEqualTo(Map.of("x", List.of("1"), "date", List.of("now")));
    }

    @ParameterizedTest
    @CsvSource({
        "a, '/?q={a|b}^`', 'https://a/?q=%7Ba%7Cb%7D%5E%60'",
        "a, '/\\..\\x', 'https://a/%5C..%5Cx'",
        "'[::1]:8', '/a[1]', 'https://[::1]:8/a%5B1%5D'",
        "a, '//b/c', 'https://a//b/c'",
        "a, '/@b', 'https://a/@b'",
    })
    void whateverAPathHoldsTheHostStaysTheHost(String authority, String path, String uri) {
        assertThat(JavaHttp.uri(head(authority, path))).isEqualTo(URI.create(uri));
        assertThat(JavaHttp.uri(head(authority, path)).getAuthority()).isEqualTo(authority);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a:b:c", "[::1", "a%zz", "a_b!:x", ":80"})
    void aTargetThatIsNoHostIsRefused(String authority) {
        assertThatThrownBy(() -> JavaHttp.uri(head(authority, "/")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a request");
    }

    @Test
    void anotherSchemeOrNoPathIsRefused() {
        assertThatThrownBy(() -> JavaHttp.uri(head("a", "/%zz"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JavaHttp.uri(new RequestHead("GET", "ftp", "a", "/", Fields.empty())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JavaHttp.uri(new RequestHead("OPTIONS", "https", "a", "*", Fields.empty())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JavaHttp.uri(new RequestHead("CONNECT", "", "a:1", "", Fields.empty())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theHostIsTheTargetWithoutAnAuthority() {
        assertThat(JavaHttp.uri(head("", "/x", "host", "b:1"))).isEqualTo(URI.create("https://b:1/x"));
    }

    @Test
    void aResponseIsWhatItSays() {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://a/")).build();
        ResponseHead head = new ResponseHead(404, Fields.of("x", "1", "x", "2"));

        HttpResponse<String> response = JavaHttp.response(request, head, "body", Version.HTTP_2);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEqualTo("body");
        assertThat(response.uri()).isEqualTo(request.uri());
        assertThat(response.headers().allValues("X")).containsExactly("1", "2");
        assertThat(response.version()).isEqualTo(Version.HTTP_2);
        assertThat(response.sslSession()).isEmpty();
        assertThat(response.previousResponse()).isEmpty();
        assertThat(JavaHttp.head(response)).isEqualTo(head);
        assertThat(JavaHttp.head(JavaHttp.info(head, Version.HTTP_1_1))).isEqualTo(head);
    }

    @Test
    void whatTheJdkAddsToAResponseIsLeftOut() {
        HttpHeaders headers = HttpHeaders.of(
                Map.of(":status", List.of("200"), "X", List.of(" 1 "), "Transfer-Encoding", List.of("chunked")),
                (n, v) -> true);

        assertThat(JavaHttp.fields(headers)).isEqualTo(Fields.of("x", "1"));
    }
}
