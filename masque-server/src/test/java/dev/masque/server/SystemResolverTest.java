package dev.masque.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.server.SystemResolver.LookUp;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SystemResolverTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final InetAddress[] LOOPBACK = {InetAddress.getLoopbackAddress()};

    private static CompletableFuture<List<InetAddress>> resolve(SystemResolver resolver, String name) {
        return resolver.resolve(name).toCompletableFuture();
    }

    private static void fails(CompletableFuture<?> result, ProxyErrorType type) {
        assertThat(result)
                .failsWithin(SOON)
                .withThrowableThat()
                .havingRootCause()
                .satisfies(cause -> assertThat(cause).isNotNull());
        assertThat(result.handle((value, failure) -> failure))
                .isCompletedWithValueMatching(failure -> failure instanceof NextHopException hop && hop.type() == type);
    }

    private static SystemResolver resolver(LookUp lookUp) {
        return new SystemResolver(lookUp);
    }

    @Test
    void aNameIsResolved() {
        try (SystemResolver resolver = resolver(name -> LOOPBACK)) {
            assertThat(resolve(resolver, "a.example")).succeedsWithin(SOON).isEqualTo(List.of(LOOPBACK));
        }
    }

    @Test
    void aMissingNameIsADnsError() {
        try (SystemResolver resolver = resolver(name -> {
            throw new UnknownHostException(name);
        })) {
            fails(resolve(resolver, "a.example"), ProxyErrorType.DNS_ERROR);
        }
    }

    @Test
    void lookUpsAtOnceAreBounded() {
        CountDownLatch go = new CountDownLatch(1);
        try (SystemResolver resolver = resolver(name -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return LOOPBACK;
        })) {
            List<CompletableFuture<List<InetAddress>>> running = new ArrayList<>();
            for (int i = 0; i < 512; i++) {
                running.add(resolve(resolver, "slow.example"));
            }
            fails(resolve(resolver, "one.more.example"), ProxyErrorType.CONNECTION_LIMIT_REACHED);
            go.countDown();
            running.forEach(result -> assertThat(result).succeedsWithin(SOON));
        }
    }

    @Test
    void aClosedResolverSaysSo() {
        SystemResolver resolver = resolver(name -> LOOPBACK);
        resolver.close();
        fails(resolve(resolver, "a.example"), ProxyErrorType.PROXY_INTERNAL_ERROR);
    }
}
