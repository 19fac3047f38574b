package dev.masque.core.memory;

import static dev.masque.core.memory.Ends.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.contract.Recorder;
import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.ResetReason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class MemoryDialTest {
    private final MemoryNetwork targets = new MemoryNetwork().withExecutor(Runnable::run);

    @AutoClose
    private final Network network = targets.createNetwork();

    private final List<MemoryDial<ByteStream, ByteHandler>> dials = new ArrayList<>();
    private final Recorder relay = new Recorder();
    private final Recorder target = new Recorder();

    private CompletableFuture<ByteStream> dial(InetSocketAddress address) {
        return Ends.dial(network, address, relay);
    }

    private static ProxyErrorType failure(CompletableFuture<?> failed) {
        Throwable cause = Objects.requireNonNull(Ends.await(failed.handle((value, problem) -> problem)));
        return ((NextHopException) cause).type();
    }

    @Test
    void whatIsNotRegisteredIsRefused() {
        assertThat(failure(dial(TARGET))).isEqualTo(ProxyErrorType.CONNECTION_REFUSED);
    }

    @Test
    void anAttemptWaitsForItsTarget() {
        targets.tcp(TARGET, dials::add);
        CompletableFuture<ByteStream> connected = dial(TARGET);
        assertThat(connected).isNotDone();
        assertThat(dials.get(0).isOpen()).isTrue();
        assertThat(dials.get(0).target()).isEqualTo(TARGET);
        dials.get(0).accept(stream -> target);
        assertThat(connected).isCompleted();
        assertThat(dials.get(0).isOpen()).isFalse();
    }

    @Test
    void aTargetFailsAsItLikes() {
        targets.tcp(
                TARGET,
                dial -> dial.fail(new NextHopException(ProxyErrorType.DESTINATION_IP_UNROUTABLE, "no route", null)));
        assertThat(failure(dial(TARGET))).isEqualTo(ProxyErrorType.DESTINATION_IP_UNROUTABLE);
    }

    @Test
    void aTargetThatNeverAnswersIsATimeOut() {
        targets.tcp(TARGET, dials::add);
        CompletableFuture<ByteStream> connected = network.connectTcp(
                        TARGET, new DialOptions(null, Duration.ofMillis(1), null), stream -> relay)
                .toCompletableFuture();
        assertThat(failure(connected)).isEqualTo(ProxyErrorType.CONNECTION_TIMEOUT);
        assertThat(dials.get(0).isOpen()).isFalse();
    }

    @Test
    void cancellingReachesTheTarget() {
        targets.tcp(TARGET, dials::add);
        dial(TARGET).cancel(true);
        assertThat(dials.get(0).isOpen()).isFalse();
        dials.get(0).accept(stream -> target);
        assertThat(Objects.requireNonNull(target.awaitClosed()).reason()).isEqualTo(ResetReason.CONNECT_ERROR);
        assertThat(relay.isClosed()).isFalse();
    }

    @Test
    void anAnswerIsGivenOnce() {
        targets.tcp(TARGET, dials::add);
        dial(TARGET);
        dials.get(0).accept(stream -> target);
        assertThatThrownBy(() -> dials.get(0).accept(stream -> target)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() ->
                        dials.get(0).fail(new NextHopException(ProxyErrorType.CONNECTION_REFUSED, "refused", null)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTargetOrARelayThatThrowsFailsTheAttempt() {
        targets.tcp(TARGET, dial -> {
            throw new IllegalStateException("broken");
        });
        assertThat(failure(dial(TARGET))).isEqualTo(ProxyErrorType.PROXY_INTERNAL_ERROR);
        targets.tcp(TARGET, dial -> dial.accept(stream -> target));
        CompletableFuture<ByteStream> connected = network.connectTcp(TARGET, Ends.OPTIONS, stream -> {
                    throw new IllegalStateException("broken");
                })
                .toCompletableFuture();
        assertThat(failure(connected)).isEqualTo(ProxyErrorType.PROXY_INTERNAL_ERROR);
        assertThat(target.awaitClosed()).isNotNull();
    }

    @Test
    void theRelayComesFromTheAddressThatItChose() {
        targets.tcp(new InetSocketAddress(0), dials::add);
        InetAddress source = Ends.host("192.0.2.10");
        DialOptions options = new DialOptions(source, Duration.ofSeconds(5), null);
        network.connectTcp(TARGET, options, stream -> relay);
        assertThat(dials.get(0).from().getAddress()).isEqualTo(source);
        assertThat(dials.get(0).options()).isEqualTo(options);
        CompletableFuture<ByteStream> other = network.connectTcp(
                        Ends.address("2606:4700::1", 1), options, stream -> relay)
                .toCompletableFuture();
        assertThat(failure(other)).isEqualTo(ProxyErrorType.SOURCE_ADDR_NOT_AVAILABLE);
        assertThat(dials).hasSize(1);
        dial(Ends.address("2606:4700::1", 1));
        assertThat(dials.get(1).from().getAddress().isLoopbackAddress()).isTrue();
    }

    @Test
    void theMostExactAddressTakesTheAttempt() {
        List<String> taken = new ArrayList<>();
        targets.tcp(new InetSocketAddress(0), dial -> taken.add("any"));
        targets.tcp(new InetSocketAddress(443), dial -> taken.add("port"));
        targets.tcp(Ends.address("1.1.1.1", 0), dial -> taken.add("host"));
        targets.tcp(Ends.address("1.1.1.1", 443), dial -> taken.add("both"));
        dial(Ends.address("1.1.1.1", 443));
        dial(Ends.address("1.1.1.1", 80));
        dial(TARGET);
        dial(Ends.address("2606:4700::1", 80));
        assertThat(taken).containsExactly("both", "host", "port", "any");
    }

    @Test
    void aClosedNetworkEndsWhatIsThere() {
        targets.tcp(TARGET, dials::add);
        CompletableFuture<ByteStream> standing = dial(TARGET);
        dials.get(0).accept(stream -> target);
        CompletableFuture<ByteStream> waiting = Ends.dial(network, TARGET, new Recorder());
        network.close();
        assertThat(standing).isCompleted();
        assertThat(target.awaitClosed()).isNotNull();
        assertThat(relay.awaitClosed()).isNotNull();
        assertThat(failure(waiting)).isEqualTo(ProxyErrorType.PROXY_INTERNAL_ERROR);
        assertThat(failure(dial(TARGET))).isEqualTo(ProxyErrorType.PROXY_INTERNAL_ERROR);
    }

    @Test
    void namesAreResolvedAsTheyAreRegistered() {
        targets.name("a.example", Ends.host("1.1.1.1"), Ends.host("2606:4700::1"));
        CompletableFuture<List<InetAddress>> slow = new CompletableFuture<>();
        targets.name("slow.example", () -> slow);
        try (var resolver = targets.createResolver(List.of())) {
            assertThat(resolver.resolve("a.example").toCompletableFuture())
                    .isCompletedWithValue(List.of(Ends.host("1.1.1.1"), Ends.host("2606:4700::1")));
            assertThat(failure(resolver.resolve("b.example").toCompletableFuture()))
                    .isEqualTo(ProxyErrorType.DNS_ERROR);
            resolver.resolve("slow.example").toCompletableFuture().cancel(true);
            assertThat(slow).isCancelled();
        }
    }
}
