package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** curl, on libcurl and nghttp2, through our proxy over HTTP/1.1 and HTTP/2. */
class CurlIT extends Interop {
    private static final String HTTP_1 = "HTTP/1.1";
    private static final String HTTP_2 = "HTTP/2";

    private String curl;
    private OurProxy proxy;

    @SuppressWarnings("NullAway.Init") // start()
    CurlIT() {}

    @BeforeAll
    void start() throws Exception {
        curl = Peers.curl();
        proxy = OurProxy.start(authority);
    }

    @AfterAll
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {HTTP_1, HTTP_2})
    void aPageArrives(String version) {
        Peer.Result result =
                curl(version, OurProxy.KEY, "-v", origins.site("/")).ok();

        assertThat(result.output()).isEqualTo(Origins.PAGE);
        assertThat(result.errors()).contains("CONNECT tunnel established, response 200");
        assertThat(result.errors())
                .containsIgnoringCase(version.equals(HTTP_2) ? "CONNECT tunnel: HTTP/2 negotiated" : "HTTP/1.1 200");
        assertHead(version, result, "server-timing: proxy;dur=");
    }

    @ParameterizedTest
    @ValueSource(strings = {HTTP_1, HTTP_2})
    void aLargeDownloadIsComplete(String version) {
        Peer.Result result =
                curl(version, OurProxy.KEY, origins.site("/50000000")).ok();

        assertThat(result.bytes()).hasSize(50_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {HTTP_1, HTTP_2})
    void aLargeUploadIsComplete(String version) throws Exception {
        Path file = folder.resolve("upload");
        Files.write(file, new byte[50_000_000]);

        Peer.Result result = curl(version, OurProxy.KEY, "--data-binary", "@" + file, origins.site("/"))
                .ok();

        assertThat(result.output()).isEqualTo("50000000");
    }

    @ParameterizedTest
    @ValueSource(strings = {HTTP_1, HTTP_2})
    void manyTransfersAtOnceShareTheProxy(String version) {
        List<String> arguments = new ArrayList<>(List.of("-Z", "--parallel-max", "20", "-o", "/dev/null"));
        arguments.add("-w");
        arguments.add("%{http_code} %{size_download}\n");
        arguments.add(origins.site("/100000").replace("/100000", "/[100001-100040]"));

        Peer.Result result =
                curl(version, OurProxy.KEY, arguments.toArray(String[]::new)).ok();

        assertThat(result.output().lines()).hasSize(40).allMatch(line -> line.startsWith("200 1000"));
    }

    @ParameterizedTest
    @ValueSource(strings = {HTTP_1, HTTP_2})
    void aWrongKeyIsRefused(String version) {
        Peer.Result result = curl(version, "wrong", "-v", origins.site("/"));

        assertThat(result.status()).isEqualTo(56);
        assertHead(
                version, result, "CONNECT tunnel failed, response 403", "proxy-status:", "error=http_request_denied");
    }

    @ParameterizedTest
    @ValueSource(strings = {HTTP_1, HTTP_2})
    void aTargetWithoutListenerIsABadGateway(String version) {
        Peer.Result result = curl(version, OurProxy.KEY, "-v", "https://127.0.0.1:1/");

        assertThat(result.status()).isEqualTo(56);
        assertHead(version, result, "CONNECT tunnel failed, response 502", "error=connection_refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {HTTP_1, HTTP_2})
    void aPrivateTargetIsForbidden(String version) {
        Peer.Result result = curl(version, OurProxy.KEY, "-v", "https://10.0.0.1/");

        assertThat(result.status()).isEqualTo(56);
        assertHead(version, result, "CONNECT tunnel failed, response 403", "error=destination_ip_prohibited");
    }

    /** curl shows the head of a proxy's response over HTTP/1.1 only; over HTTP/2 it says no more than that it failed. */
    private static void assertHead(String version, Peer.Result result, String... parts) {
        if (version.equals(HTTP_1)) {
            for (String part : parts) {
                assertThat(result.errors()).containsIgnoringCase(part);
            }
        }
    }

    private Peer.Result curl(String version, String proxyKey, String... arguments) {
        List<String> command = new ArrayList<>(List.of(curl, "-sS", "--max-time", "60"));
        command.addAll(List.of(
                "-x",
                "https://" + proxy.address(),
                "--proxy-cacert",
                authority.authority(),
                "--cacert",
                authority.authority()));
        command.addAll(List.of("--proxy-header", "Proxy-Authorization: Preshared " + proxyKey));
        if (version.equals(HTTP_2)) {
            command.add("--proxy-http2");
        }
        command.addAll(List.of(arguments));
        return Peer.run(command);
    }
}
