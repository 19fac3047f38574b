package dev.masque.core.memory;

import static dev.masque.core.memory.Ends.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.contract.Recorder;
import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.ResetReason;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryTcpTest {
    private final MemoryNetwork targets = new MemoryNetwork().withExecutor(Runnable::run);

    @AutoClose
    private final Network network = targets.createNetwork();

    private final Recorder relayEvents = new Recorder();
    private final Recorder targetEvents = new Recorder();

    /** Both ends. */
    private record Connection(Ends.Tcp relay, Ends.Tcp target) {}

    private Connection connect() {
        return connect(targets, network);
    }

    private Connection connect(MemoryNetwork place, Network dialling) {
        CompletableFuture<ByteStream> accepted = new CompletableFuture<>();
        place.tcp(TARGET, dial -> accepted.complete(dial.accept(stream -> targetEvents)));
        ByteStream relay = Ends.await(Ends.dial(dialling, TARGET, relayEvents));
        return new Connection(new Ends.Tcp(relay, relayEvents), new Ends.Tcp(Ends.await(accepted), targetEvents));
    }

    @Test
    void bytesGoBothWaysOnceTheyAreWanted() {
        Connection tcp = connect();
        tcp.relay().send("ping");
        assertThat(tcp.target().text()).isEmpty();
        tcp.target().stream().resume();
        assertThat(tcp.target().text()).isEqualTo("ping");
        tcp.relay().stream().resume();
        tcp.target().send("pong");
        assertThat(tcp.relay().text()).isEqualTo("pong");
        assertThat(relayEvents.batches()).isEqualTo(1);
    }

    @Test
    void eachDirectionEndsAlone() {
        Connection tcp = connect();
        tcp.target().stream().resume();
        tcp.relay().stream().resume();
        tcp.relay().stream().end();
        targetEvents.awaitEnd();
        assertThat(targetEvents.isClosed()).isFalse();
        tcp.target().send("still here");
        tcp.target().stream().end();
        assertThat(tcp.relay().text()).isEqualTo("still here");
        assertThat(relayEvents.awaitClosed()).isNull();
        assertThat(targetEvents.awaitClosed()).isNull();
    }

    @Test
    void aResetDropsWhatIsOnItsWay() {
        Connection tcp = connect();
        tcp.target().send("lost");
        tcp.target().stream().reset(ResetReason.CANCEL);
        var failure = Objects.requireNonNull(relayEvents.awaitClosed());
        assertThat(failure.reason()).isEqualTo(ResetReason.CONNECT_ERROR);
        assertThat(failure.remote()).isTrue();
        assertThat(relayEvents.count()).isZero();
        assertThat(Objects.requireNonNull(targetEvents.awaitClosed()).remote()).isFalse();
    }

    @Test
    void aTargetMaySendAndResetBeforeTheRelayIsThere() {
        targets.tcp(
                TARGET,
                dial -> dial.accept(stream -> {
                    stream.write(ByteBuffer.wrap(new byte[3]));
                    stream.flush();
                    stream.reset(ResetReason.CANCEL);
                    return targetEvents;
                }));
        Ends.await(Ends.dial(network, TARGET, relayEvents));
        assertThat(relayEvents.awaitClosed()).isNotNull();
        assertThat(targetEvents.awaitClosed()).isNotNull();
    }

    @Test
    void anEndThatDoesNotReadStopsTheOtherWithinBounds() {
        Connection tcp = connect();
        ByteStream relay = tcp.relay().stream();
        int sent = 0;
        while (relay.isWritable()) {
            relay.write(ByteBuffer.allocate(4096));
            relay.flush();
            sent += 4096;
            assertThat(sent).isLessThan(1 << 20);
        }
        assertThat(relayEvents.writables()).isZero();
        tcp.target().stream().resume();
        assertThat(targetEvents.awaitBytes(sent)).hasSize(sent);
        assertThat(relayEvents.writables()).isEqualTo(1);
        assertThat(relay.isWritable()).isTrue();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void aLongTextArrivesInOrderOverThreads(long seed) {
        byte[] text = new byte[3 << 20];
        new SplittableRandom(seed).nextBytes(text);
        MemoryNetwork threaded = new MemoryNetwork();
        try (Network dialling = threaded.createNetwork()) {
            Connection tcp = connect(threaded, dialling);
            tcp.relay().stream().resume();
            tcp.target().stream().resume();
            SplittableRandom random = new SplittableRandom(seed);
            int position = 0;
            while (position < text.length) {
                int size = Math.min(text.length - position, 1 + random.nextInt(40_000));
                while (!tcp.target().stream().isWritable()) {
                    Thread.onSpinWait();
                }
                tcp.target().stream().write(ByteBuffer.wrap(text, position, size));
                tcp.target().stream().flush();
                position += size;
            }
            tcp.target().stream().end();
            relayEvents.awaitEnd();
            tcp.relay().stream().end();
            assertThat(relayEvents.awaitClosed()).isNull();
            assertThat(relayEvents.awaitBytes(text.length)).isEqualTo(text);
            assertThat(relayEvents.violations()).isEmpty();
        }
    }
}
