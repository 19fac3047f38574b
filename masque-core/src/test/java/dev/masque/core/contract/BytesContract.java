package dev.masque.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.SessionLimits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes, their order, and who holds back whom. */
interface BytesContract extends Contract {
    /** What the system's own buffers may take besides ours, on both sides. */
    int GENEROUS = 32 << 20;

    @Test
    default void bytesArriveAsTheyWereWrittenBothWaysAtOnce() {
        SplittableRandom random = new SplittableRandom(1);
        byte[] up = Pump.text(random, 8 << 20);
        byte[] down = Pump.text(random, 8 << 20);
        Pump.Writer server = new Pump.Writer(new Pump(down, random.split()));
        loop().server.onRequest = stream -> server;
        Pump.Writer client = new Pump.Writer(new Pump(up, random.split()));
        Tunnel tunnel = loop().tunnel(loop().connect(), Loop.CONNECT, client).resume();
        client.start(tunnel.client().stream());
        server.start(tunnel.server().stream());
        assertThat(tunnel.server().events().awaitBytes(up.length)).isEqualTo(up);
        assertThat(tunnel.client().events().awaitBytes(down.length)).isEqualTo(down);
        for (Side side : tunnel.sides()) {
            side.events().awaitEnd();
            assertThat(side.events().awaitClosed()).isNull();
        }
    }

    @Test
    default void bytesThatAreWrittenBeforeTheAnswerArrive() {
        Tunnel tunnel = loop().asked(loop().connect(), Loop.CONNECT).resume();
        tunnel.client().send("early");
        tunnel.server().respond(200);
        assertThat(tunnel.server().awaitText(5)).isEqualTo("early");
    }

    @ParameterizedTest
    @EnumSource
    default void aBufferIsCopiedAndReadToItsLimit(Tunnel.End end) {
        Tunnel tunnel = loop().tunnel().resume();
        ByteBuffer buffer = ByteBuffer.wrap("xxhelloxx".getBytes(StandardCharsets.US_ASCII));
        buffer.position(2).limit(7);
        tunnel.side(end).stream().write(buffer);
        assertThat(buffer.position()).isEqualTo(7);
        assertThat(buffer.limit()).isEqualTo(7);
        buffer.clear().put("#########".getBytes(StandardCharsets.US_ASCII));
        tunnel.side(end).stream().flush();
        assertThat(tunnel.other(end).awaitText(5)).isEqualTo("hello");
    }

    @Test
    default void aDirectBufferAndAnEmptyOneAreTakenToo() {
        Tunnel tunnel = loop().tunnel().resume();
        ByteBuffer direct = ByteBuffer.allocateDirect(100_000);
        tunnel.client().stream().write(ByteBuffer.allocate(0));
        tunnel.client().stream().write(direct);
        tunnel.client().stream().write(ByteBuffer.allocate(0));
        tunnel.client().stream().flush();
        assertThat(direct.hasRemaining()).isFalse();
        assertThat(tunnel.server().events().awaitBytes(100_000)).hasSize(100_000);
    }

    @ParameterizedTest
    @EnumSource
    default void aStreamStartsPaused(Tunnel.End end) {
        Tunnel tunnel = loop().tunnel();
        tunnel.side(end).send("waits");
        tunnel.side(end).stream().end();
        settle(tunnel);
        assertThat(tunnel.other(end).events().count()).isZero();
        assertThat(tunnel.other(end).events().isEnded()).isFalse();
        tunnel.other(end).stream().resume();
        assertThat(tunnel.other(end).awaitText(5)).isEqualTo("waits");
        tunnel.other(end).events().awaitEnd();
    }

    /** Leaves what is on its way time to arrive where it should not: a few rounds on both threads. */
    private static void settle(Tunnel tunnel) {
        for (int i = 0; i < 50; i++) {
            tunnel.client().onExecutor(() -> {});
            tunnel.server().onExecutor(() -> {});
            LockSupport.parkNanos(100_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    default void noDataComesAfterPauseOnTheExecutor(Tunnel.End end) {
        AtomicBoolean paused = new AtomicBoolean();
        AtomicInteger late = new AtomicInteger();
        HttpStream[] stream = new HttpStream[1];
        Recorder pausing = new Recorder() {
            @Override
            protected void onData(ByteBuffer data) {
                if (paused.get()) {
                    late.incrementAndGet();
                }
                stream[0].pause();
                paused.set(true);
            }
        };
        loop().server.onRequest = made -> end == Tunnel.End.SERVER ? pausing : new Recorder();
        Tunnel tunnel =
                loop().tunnel(loop().connect(), Loop.CONNECT, end == Tunnel.End.CLIENT ? pausing : new Recorder());
        stream[0] = tunnel.side(end).stream();
        int size = 200_000;
        tunnel.other(end).send(new byte[size]);
        long deadline = System.nanoTime() + Recorder.PATIENCE_NANOS;
        while (pausing.count() < size) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            tunnel.side(end).onExecutor(() -> {
                paused.set(false);
                stream[0].resume();
            });
            settle(tunnel);
        }
        assertThat(late).hasValue(0);
    }

    @Test
    default void theEndComesOnlyAfterResumeToo() {
        Tunnel tunnel = loop().tunnel();
        tunnel.client().stream().end();
        settle(tunnel);
        assertThat(tunnel.server().events().isEnded()).isFalse();
        tunnel.server().stream().resume();
        tunnel.server().events().awaitEnd();
        assertThat(tunnel.server().events().isClosed()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    default void whoDoesNotReadHoldsTheSenderBack(Tunnel.End end) {
        SessionLimits small = SessionLimits.defaults().withWindows(64 << 10, 256 << 10);
        loop().serverLimits = small;
        loop().clientLimits = small;
        Tunnel tunnel = loop().tunnel();
        Side writer = tunnel.side(end);
        Side reader = tunnel.other(end);
        Filled filled = fill(writer, tunnel);
        assertThat(reader.events().count()).isZero();
        int before = writer.events().writables();
        assertThat(before).isLessThan(filled.refusals);
        reader.stream().resume();
        reader.events().awaitBytes(filled.written);
        assertThat(reader.events().count()).isEqualTo(filled.written);
        writer.events().awaitWritables(before + 1);
        assertThat(writer.stream().isWritable()).isTrue();
        writer.send("more");
        reader.events().awaitBytes(filled.written + 4);
        settle(tunnel);
        assertThat(writer.events().writables()).isEqualTo(before + 1);
    }

    /** How many bytes fit, and how often the writer was told to stop. */
    record Filled(int written, int refusals) {}

    /** Writes until nothing moves any more, the peer being paused. */
    private static Filled fill(Side writer, Tunnel tunnel) {
        int written = 0;
        int refusals = 0;
        for (int quiet = 0; quiet < 3; quiet++) {
            while (writer.stream().isWritable()) {
                refusals += writer.send(new byte[10_000]) ? 0 : 1;
                written += 10_000;
                quiet = 0;
                assertThat(written).isLessThan(GENEROUS);
            }
            settle(tunnel);
        }
        writer.onExecutor(() -> {});
        return new Filled(written, refusals);
    }

    @Test
    default void aStreamThatNobodyReadsDoesNotStopTheOthers() {
        if (isHttp1()) {
            return; // one request on a connection
        }
        SessionLimits small = SessionLimits.defaults().withWindows(64 << 10, 256 << 10);
        loop().serverLimits = small;
        loop().clientLimits = small;
        HttpSession session = loop().connect();
        Tunnel stuck = loop().tunnel(session, Loop.CONNECT);
        stuck.client().send(new byte[300_000]);
        stuck.server().send(new byte[300_000]);
        Tunnel flowing = loop().tunnel(session, Loop.CONNECT).resume();
        flowing.client().send(new byte[500_000]);
        flowing.server().send(new byte[500_000]);
        flowing.server().events().awaitBytes(500_000);
        flowing.client().events().awaitBytes(500_000);
        assertThat(stuck.client().events().count()).isZero();
        stuck.resume();
        stuck.server().events().awaitBytes(300_000);
        stuck.client().events().awaitBytes(300_000);
    }

    @Test
    default void whatAResetStreamHeldIsNotMissingElsewhere() {
        if (isHttp1()) {
            return; // one request on a connection
        }
        SessionLimits small = SessionLimits.defaults().withWindows(64 << 10, 128 << 10);
        loop().serverLimits = small;
        HttpSession session = loop().connect();
        for (int i = 0; i < 20; i++) {
            Tunnel stuck = loop().tunnel(session, Loop.CONNECT);
            stuck.client().send(new byte[100_000]);
            settle(stuck);
            (i % 2 == 0 ? stuck.client() : stuck.server()).stream().reset(ResetReason.CANCEL);
            stuck.server().events().awaitClosed();
            stuck.client().events().awaitClosed();
        }
        Tunnel flowing = loop().tunnel(session, Loop.CONNECT).resume();
        flowing.client().send(new byte[1_000_000]);
        flowing.server().events().awaitBytes(1_000_000);
    }

    @Test
    default void writableIsSilentWhereNobodyWasHeldBack() {
        Tunnel tunnel = loop().tunnel().resume();
        for (int i = 1; i <= 20; i++) {
            assertThat(tunnel.client().stream().isWritable()).isTrue();
            tunnel.client().send("0123456789");
            tunnel.server().events().awaitBytes(10 * i);
        }
        settle(tunnel);
        assertThat(tunnel.client().events().writables()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    default void oneDirectionEndsAndTheOtherGoesOn(Tunnel.End end) {
        Tunnel tunnel = loop().tunnel().resume();
        Side first = tunnel.side(end);
        Side second = tunnel.other(end);
        first.send("last words");
        first.stream().end();
        second.events().awaitEnd();
        assertThat(second.awaitText(10)).isEqualTo("last words");
        for (int i = 1; i <= 5; i++) {
            second.send(new byte[50_000]);
            first.events().awaitBytes(50_000 * i);
        }
        assertThat(first.events().isEnded()).isFalse();
        assertThat(first.events().isClosed() || second.events().isClosed()).isFalse();
        second.stream().end();
        first.events().awaitEnd();
        assertThat(first.events().awaitClosed()).isNull();
        assertThat(second.events().awaitClosed()).isNull();
    }

    @Test
    default void endFlushesAndComesOnce() {
        Tunnel tunnel = loop().tunnel().resume();
        tunnel.client().stream().write(ByteBuffer.wrap(new byte[70_000]));
        tunnel.client().stream().end();
        tunnel.client().stream().end();
        assertThat(tunnel.server().events().awaitBytes(70_000)).hasSize(70_000);
        tunnel.server().events().awaitEnd();
        tunnel.server().stream().end();
        assertThat(tunnel.server().events().awaitClosed()).isNull();
        tunnel.client().stream().end();
    }

    @Test
    default void whatIsWrittenAfterTheEndIsTakenAndDropped() {
        Tunnel tunnel = loop().tunnel().resume();
        tunnel.client().send("all");
        tunnel.client().stream().end();
        ByteBuffer late = ByteBuffer.wrap(new byte[5]);
        assertThat(tunnel.client().stream().write(late)).isFalse();
        assertThat(late.hasRemaining()).isFalse();
        assertThat(tunnel.client().stream().isWritable()).isFalse();
        tunnel.client().stream().flush();
        tunnel.server().events().awaitEnd();
        assertThat(tunnel.server().awaitText(3)).isEqualTo("all");
    }

    @Test
    default void aBatchOfDataHasAnEnd() {
        Tunnel tunnel = loop().tunnel().resume();
        for (int i = 0; i < 10; i++) {
            tunnel.client().send(new byte[10_000]);
            tunnel.server().events().awaitBytes(10_000 * (i + 1));
            tunnel.server().events().awaitBatch();
        }
        tunnel.client().stream().pause();
        tunnel.server().send(new byte[100]);
        settle(tunnel);
        tunnel.client().stream().resume();
        tunnel.client().events().awaitBytes(100);
        tunnel.client().events().awaitBatch();
    }

    @Test
    default void tasksOfTheExecutorNeverRunBesideACallback() {
        AtomicBoolean busy = new AtomicBoolean();
        AtomicInteger clashes = new AtomicInteger();
        Runnable exclusive = () -> {
            if (!busy.compareAndSet(false, true)) {
                clashes.incrementAndGet();
            }
            LockSupport.parkNanos(100_000);
            busy.set(false);
        };
        Recorder events = new Recorder() {
            @Override
            protected void onData(ByteBuffer data) {
                exclusive.run();
            }
        };
        loop().server.onRequest = stream -> events;
        Tunnel tunnel = loop().tunnel().resume();
        for (int i = 0; i < 200; i++) {
            tunnel.client().send(new byte[1_000]);
            tunnel.server().stream().executor().execute(exclusive);
        }
        events.awaitBytes(200_000);
        tunnel.server().onExecutor(exclusive);
        assertThat(clashes).hasValue(0);
        assertThat(tunnel.server().stream().executor())
                .isSameAs(tunnel.server().stream().session().executor());
    }

    @Test
    default void anyThreadMayWrite() throws Exception {
        Tunnel tunnel = loop().tunnel().resume();
        Thread[] writers = new Thread[4];
        for (int i = 0; i < writers.length; i++) {
            byte[] piece = {(byte) i, (byte) i, (byte) i, (byte) i};
            writers[i] = new Thread(() -> {
                for (int n = 0; n < 1_000; n++) {
                    tunnel.client().send(piece);
                }
            });
            writers[i].start();
        }
        for (Thread writer : writers) {
            writer.join();
        }
        byte[] all = tunnel.server().events().awaitBytes(16_000);
        int[] counts = new int[writers.length];
        for (int i = 0; i < all.length; i += 4) {
            assertThat(all[i + 3]).isEqualTo(all[i]);
            counts[all[i]]++;
        }
        assertThat(counts).containsOnly(1_000);
    }

    @ParameterizedTest
    @EnumSource
    default void closedWaitsForWhatArrivedBefore(Tunnel.End end) {
        Tunnel tunnel = loop().tunnel();
        Side late = tunnel.side(end);
        Side early = tunnel.other(end);
        early.stream().resume();
        early.send("to be read later");
        early.stream().end();
        late.stream().end();
        early.events().awaitEnd();
        settle(tunnel);
        assertThat(late.events().isClosed()).isFalse();
        late.stream().resume();
        assertThat(late.awaitText(16)).isEqualTo("to be read later");
        late.events().awaitEnd();
        assertThat(late.events().awaitClosed()).isNull();
        assertThat(early.events().awaitClosed()).isNull();
    }
}
