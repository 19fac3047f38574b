package dev.masque.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ResetReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many threads, and a proxy that does whatever a proxy can do wrong: every call ends, and ends in a way that is declared. */
@Timeout(120)
class StressTest {
    private static final int THREADS = 16;
    private static final int CALLS = 150;

    private final AtomicInteger succeeded = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    @ParameterizedTest(name = "{0}, seed {1}")
    @CsvSource({"HTTP_2, 1", "HTTP_2, 2", "HTTP_2, 3", "HTTP_1_1, 4", "HTTP_1_1, 5"})
    void everyCallEnds(HttpVersion version, long seed) throws Exception {
        ScriptedProxy proxy = ScriptedProxy.withMaxStreams(5, version);
        SplittableRandom chance = new SplittableRandom(seed); // on the proxy's one thread
        proxy.onRequest = stream -> answer(stream, chance.nextInt(20));
        MasqueClient client = Clients.to(proxy)
                .limits(ClientLimits.defaults().withSessions(6, 1000))
                .build();
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        SplittableRandom seeds = new SplittableRandom(seed);
        for (int i = 0; i < THREADS; i++) {
            SplittableRandom random = seeds.split();
            threads.add(Waiting.inBackground(() -> {
                for (int call = 0; call < CALLS; call++) {
                    use(client, random);
                }
            }));
        }
        for (CompletableFuture<Void> thread : threads) {
            thread.get();
        }
        assertThat(succeeded.get() + failed.get()).isEqualTo(THREADS * CALLS);
        assertThat(succeeded).hasPositiveValue();
        assertThat(failed).hasPositiveValue();
        proxy.onRequest = ProxiedStream::acceptAndEcho;
        assertThat(echoes(client)).isTrue();
        client.close();
        Waiting.until(() -> proxy.sessions.stream().allMatch(session -> session.over));
        Waiting.until(() -> proxy.streams.stream().allMatch(ProxiedStream::isOver));
        proxy.close();
    }

    /** Whether a tunnel works, now or when the sessions are gone whose end was on its way. */
    private static boolean echoes(MasqueClient client) throws IOException {
        for (int i = 0; i < 20; i++) {
            try (TcpTunnel tunnel = client.openTcp("example.com", 443)) {
                tunnel.outputStream().write(3);
                return tunnel.inputStream().read() == 3;
            } catch (TunnelException e) {
                assertThat(e.retryable()).isTrue();
            }
        }
        return false;
    }

    private static void answer(ProxiedStream stream, int what) {
        switch (what) {
            case 0 -> stream.resets(ResetReason.REFUSED);
            case 1 -> stream.resets(ResetReason.INTERNAL_ERROR);
            case 2 -> stream.session().goAway();
            case 3 -> stream.session().breaks();
            case 4 -> stream.refuse(503);
            case 5 -> {
                stream.acceptAndEcho();
                stream.resets(ResetReason.CONNECT_ERROR);
            }
            case 6 -> {
                stream.acceptAndEcho();
                stream.session().goAway();
            }
            case 7 -> {
                stream.acceptAndEcho();
                stream.session().breaks();
            }
            default -> stream.acceptAndEcho();
        }
        if (what == 2) {
            stream.acceptAndEcho();
        }
    }

    private void use(MasqueClient client, SplittableRandom random) throws IOException {
        byte[] bytes = new byte[random.nextInt(1, 5000)];
        try {
            TcpTunnel tunnel = client.openTcp("example.com", 443);
            try (tunnel) {
                tunnel.outputStream().write(bytes);
                if (random.nextBoolean()) {
                    tunnel.shutdownOutput();
                    assertThat(tunnel.inputStream().readAllBytes()).hasSameSizeAs(bytes);
                } else if (random.nextBoolean()) {
                    tunnel.reset();
                }
            }
            succeeded.incrementAndGet();
        } catch (TunnelException e) {
            failed.incrementAndGet();
        }
    }
}
