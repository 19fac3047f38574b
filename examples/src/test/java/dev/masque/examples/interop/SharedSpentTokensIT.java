package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two proxies that take the same tokens and share a redis-server, all by the commands of an operator, and curl. */
class SharedSpentTokensIT extends Interop {
    private String curl;
    private int redisPort;
    private Peer redis;
    private Peer issuer;
    private Peer first;
    private Peer second;

    @SuppressWarnings("NullAway.Init") // start()
    SharedSpentTokensIT() {}

    @BeforeAll
    void start() throws Exception {
        curl = Peers.curl();
        redisPort = Relay.freePort();
        redis = startRedis();
        issuer = Peer.start(masque(
                "issuer --listen 127.0.0.1:0 --cert %s --key %s".formatted(authority.certificate(), authority.key())));
        first = startProxy();
        second = startProxy();
    }

    private Peer startRedis() {
        List<String> command = new ArrayList<>(List.of(Peers.program("redis-server", "redis-server")));
        command.addAll(
                List.of("--bind", "127.0.0.1", "--port", Integer.toString(redisPort), "--dir", folder.toString()));
        command.addAll(List.of("--save", "", "--appendonly", "yes", "--appendfsync", "always"));
        return Peer.start(command, redisPort);
    }

    private Peer startProxy() {
        return Peer.start(masque(
                "proxy --listen 127.0.0.1:0 --cert %s --key %s --issuer https://localhost:%d --issuer-ca %s --spent redis://127.0.0.1:%d --allow 127.0.0.1"
                        .formatted(
                                authority.certificate(),
                                authority.key(),
                                issuer.port(),
                                authority.authority(),
                                redisPort)));
    }

    @AfterAll
    void stop() {
        for (Peer peer : new Peer[] {second, first, issuer, redis}) {
            if (peer != null) {
                peer.close();
            }
        }
    }

    private static List<String> masque(String line) {
        return Peers.masque(line.split(" "));
    }

    private List<String> tokens(int count) {
        return Peer.run(masque("token fetch --issuer https://localhost:%d --ca %s --origin localhost --count %d"
                        .formatted(issuer.port(), authority.authority(), count)))
                .ok()
                .output()
                .lines()
                .toList();
    }

    /** The status of the proxy's answer, and what else is in its head. */
    private String head(Peer proxy, String token) throws Exception {
        Path head = folder.resolve("head");
        Peer.run(List.of(
                curl,
                "-s",
                "-o",
                "/dev/null",
                "-D",
                head.toString(),
                "-p",
                "-x",
                "https://localhost:" + proxy.port(),
                "--proxy-cacert",
                authority.authority(),
                "--cacert",
                authority.authority(),
                "--proxy-header",
                "Proxy-Authorization: " + token,
                origins.site("/")));
        return Files.readString(head);
    }

    @Test
    void aTokenIsGoodAtOneOfThemAndAtNoneWhileRedisIsGone() throws Exception {
        List<String> tokens = tokens(3);
        assertThat(head(first, tokens.get(0))).startsWith("HTTP/1.1 200");
        assertThat(head(second, tokens.get(0))).startsWith("HTTP/1.1 403");
        assertThat(head(second, tokens.get(1))).startsWith("HTTP/1.1 200");

        redis.close();
        assertThat(head(first, tokens.get(2)))
                .startsWith("HTTP/1.1 503")
                .containsIgnoringCase("retry-after: 1")
                .containsIgnoringCase("proxy-status: masque;error=proxy_internal_error");
        redis = startRedis();

        assertThat(afterAWhile(first, tokens.get(2))).startsWith("HTTP/1.1 200");
        assertThat(afterAWhile(second, tokens.get(1))).startsWith("HTTP/1.1 403");
    }

    /** The answer that is none of those that say to come again. */
    private String afterAWhile(Peer proxy, String token) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        String head = head(proxy, token);
        while (head.startsWith("HTTP/1.1 503") && System.nanoTime() < deadline) {
            head = head(proxy, token);
        }
        return head;
    }
}
