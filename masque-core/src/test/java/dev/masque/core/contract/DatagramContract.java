package dev.masque.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.SessionLimits;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP Datagrams. */
interface DatagramContract extends Contract {
    private static byte[] payload(int number, int size) {
        ByteBuffer payload = ByteBuffer.allocate(size);
        payload.put((byte) 0).putInt(number);
        return payload.array();
    }

    private static int number(byte[] payload) {
        return ByteBuffer.wrap(payload, 1, 4).getInt();
    }

    @ParameterizedTest
    @EnumSource
    default void datagramsArriveInTheOrderOfTheirBurstAndTheBatchHasAnEnd(Tunnel.End end) {
        Tunnel tunnel = loop().datagramTunnel();
        for (int i = 0; i < 20; i++) {
            ByteBuffer payload = ByteBuffer.wrap(payload(i, 200));
            assertThat(tunnel.side(end).stream().sendDatagram(payload)).isTrue();
            payload.putLong(1, -1); // the buffer stays the caller's
        }
        tunnel.side(end).stream().flush();
        List<byte[]> arrived = tunnel.other(end).events().awaitDatagrams(20);
        assertThat(arrived).extracting(DatagramContract::number).isSorted().hasSize(20);
        assertThat(arrived).allSatisfy(payload -> assertThat(payload).hasSize(200));
        tunnel.other(end).events().awaitBatch();
        assertThat(tunnel.other(end).events().count()).isZero();
    }

    @Test
    default void datagramsOfAllSizesArriveAsTheyWereSent() {
        Tunnel tunnel = loop().datagramTunnel();
        int most = tunnel.client().stream().maxDatagramSize();
        assertThat(most).isGreaterThanOrEqualTo(1_180);
        int sent = 0;
        for (int size : new int[] {0, 1, 2, 63, 64, 100, 1_100, 1_180, most}) {
            byte[] payload = new byte[size];
            Arrays.fill(payload, (byte) size);
            assertThat(tunnel.client().sendDatagram(payload)).isTrue();
            List<byte[]> arrived = tunnel.server().events().awaitDatagrams(++sent);
            assertThat(arrived.get(sent - 1)).isEqualTo(payload);
        }
    }

    @Test
    default void whatIsTooLargeIsDroppedAtOnce() {
        Tunnel tunnel = loop().datagramTunnel();
        int most = tunnel.server().stream().maxDatagramSize();
        assertThat(tunnel.server().sendDatagram(new byte[most + 1])).isFalse();
        assertThat(tunnel.server().sendDatagram(payload(7, 100))).isTrue();
        assertThat(tunnel.client().events().awaitDatagrams(1)).hasSize(1);
        assertThat(number(tunnel.client().events().datagrams().get(0))).isEqualTo(7);
    }

    @Test
    default void aTunnelForBytesCarriesNone() {
        Tunnel tunnel = loop().tunnel().resume();
        for (Side side : tunnel.sides()) {
            assertThat(side.stream().maxDatagramSize()).isZero();
            assertThat(side.sendDatagram(payload(1, 10))).isFalse();
        }
        tunnel.client().send("bytes");
        assertThat(tunnel.server().awaitText(5)).isEqualTo("bytes");
        assertThat(tunnel.server().events().datagrams()).isEmpty();
    }

    @Test
    default void datagramsBeforeTheAnswerArriveOrAreRefusedHereAndNow() {
        Tunnel tunnel = loop().asked(loop().connect(), Loop.CONNECT_UDP);
        boolean taken = tunnel.client().sendDatagram(payload(1, 100));
        if (taken) {
            assertThat(tunnel.server().events().awaitDatagrams(1)).hasSize(1);
        } else {
            assertThat(tunnel.client().stream().maxDatagramSize()).isZero();
        }
        assertThat(tunnel.server().stream().maxDatagramSize()).isZero();
        tunnel.server().respond(200);
        tunnel.client().events().awaitResponse();
        assertThat(tunnel.client().sendDatagram(payload(2, 100))).isTrue();
        tunnel.server().events().awaitDatagrams(taken ? 2 : 1);
    }

    @Test
    default void datagramsArriveWhilePaused() {
        Tunnel tunnel = loop().datagramTunnel();
        tunnel.client().sendDatagram(payload(1, 100));
        tunnel.server().events().awaitDatagrams(1);
        tunnel.resume();
        tunnel.client().onExecutor(() -> tunnel.client().stream().pause());
        tunnel.server().sendDatagram(payload(2, 100));
        tunnel.client().events().awaitDatagrams(1);
    }

    @Test
    default void anEndIsAnEndOfDatagramsInItsDirectionOnly() {
        Tunnel tunnel = loop().datagramTunnel().resume();
        tunnel.client().stream().sendDatagram(ByteBuffer.wrap(payload(1, 100)));
        tunnel.client().stream().end();
        tunnel.server().events().awaitEnd();
        assertThat(tunnel.client().sendDatagram(payload(2, 100))).isFalse();
        tunnel.server().sendDatagram(payload(3, 100));
        tunnel.client().events().awaitDatagrams(1);
        tunnel.server().stream().end();
        assertThat(tunnel.client().events().awaitClosed()).isNull();
        assertThat(tunnel.server().events().awaitClosed()).isNull();
    }

    @Test
    default void afterAResetDatagramsAreDropped() {
        Tunnel tunnel = loop().datagramTunnel();
        tunnel.client().stream().reset(ResetReason.CANCEL);
        tunnel.client().events().awaitClosed();
        assertThat(tunnel.client().sendDatagram(payload(1, 100))).isFalse();
        tunnel.server().events().awaitClosed();
        assertThat(tunnel.server().sendDatagram(payload(1, 100))).isFalse();
        assertThat(tunnel.server().events().datagrams()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    default void whatWaitsIsBounded(Tunnel.End end) throws Exception {
        SessionLimits few = new SessionLimits(
                100,
                16 << 10,
                1 << 20,
                4 << 20,
                16,
                loop().serverLimits.handshakeTimeout(),
                loop().serverLimits.idleTimeout());
        loop().serverLimits = few;
        loop().clientLimits = few;
        Tunnel tunnel = loop().datagramTunnel();
        Side sender = tunnel.side(end);
        Side receiver = tunnel.other(end);
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        sender.stream().executor().execute(() -> {
            stuck.countDown();
            try {
                release.await(Recorder.PATIENCE_NANOS, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        stuck.await();
        int most = 2_000;
        int taken = 0;
        for (int i = 0; i < most; i++) {
            taken += sender.sendDatagram(payload(i, 1_000)) ? 1 : 0;
        }
        release.countDown();
        int mark = 9_999;
        sender.onExecutor(() -> {});
        long deadline = System.nanoTime() + Recorder.PATIENCE_NANOS;
        List<byte[]> arrived = receiver.events().datagrams();
        while (arrived.isEmpty() || number(arrived.get(arrived.size() - 1)) != mark) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            sender.sendDatagram(payload(mark, 1_000));
            LockSupport.parkNanos(5_000_000); // else the marks would drive out what waits
            receiver.onExecutor(() -> {});
            arrived = receiver.events().datagrams();
        }
        List<Integer> numbers = arrived.stream()
                .map(DatagramContract::number)
                .filter(number -> number != mark)
                .toList();
        assertThat(numbers).isSorted().doesNotHaveDuplicates();
        if (sendsOnItsOwnThread()) {
            assertThat(numbers).contains(most - 1); // what has left meanwhile does not wait
        } else if (hasDatagramFrames()) {
            assertThat(numbers).hasSizeLessThanOrEqualTo(2 * 16).contains(most - 1); // the oldest went
        } else {
            assertThat(taken).isLessThan(200);
            assertThat(numbers).hasSizeLessThan(200).contains(0);
        }
    }

    @Test
    default void manyTunnelsOfASessionKeepTheirDatagramsApart() {
        if (isHttp1()) {
            return; // one request on a connection
        }
        var session = loop().connect();
        Tunnel[] tunnels = new Tunnel[5];
        for (int i = 0; i < tunnels.length; i++) {
            tunnels[i] = loop().tunnel(session, Loop.CONNECT_UDP);
        }
        for (int i = 0; i < tunnels.length; i++) {
            tunnels[i].client().sendDatagram(payload(i, 50));
            tunnels[i].server().sendDatagram(payload(100 + i, 50));
        }
        for (int i = 0; i < tunnels.length; i++) {
            assertThat(number(tunnels[i].server().events().awaitDatagrams(1).get(0)))
                    .isEqualTo(i);
            assertThat(number(tunnels[i].client().events().awaitDatagrams(1).get(0)))
                    .isEqualTo(100 + i);
        }
    }
}
