package dev.masque.core.memory;

import static dev.masque.core.memory.Ends.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.spi.Network;
import dev.masque.core.spi.UdpSocket;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class MemoryUdpTest {
    private final MemoryNetwork targets = new MemoryNetwork().withExecutor(Runnable::run);

    @AutoClose
    private final Network network = targets.createNetwork();

    private final UdpRecorder relayEvents = new UdpRecorder();
    private final UdpRecorder targetEvents = new UdpRecorder();
    private final CompletableFuture<UdpSocket> accepted = new CompletableFuture<>();

    private UdpSocket open() {
        targets.udp(TARGET, dial -> accepted.complete(dial.accept(socket -> targetEvents)));
        return Ends.await(Ends.dialUdp(network, TARGET, relayEvents));
    }

    private UdpSocket target() {
        return Ends.await(accepted);
    }

    @Test
    void datagramsGoBothWaysInOrderOnceTheyAreFlushed() {
        UdpSocket relay = open();
        relay.send(ByteBuffer.allocate(0));
        assertThat(targetEvents.datagrams).isEmpty();
        Ends.send(relay, 1, 2, 3);
        assertThat(targetEvents.datagrams).containsExactly(0, 1, 2, 3);
        assertThat(targetEvents.batches).isEqualTo(1);
        Ends.send(target(), 4, 5);
        assertThat(relayEvents.datagrams).containsExactly(4, 5);
        assertThat(target().localAddress()).isEqualTo(TARGET);
        assertThat(relay.localAddress().getPort()).isPositive();
    }

    @Test
    void whatWaitsIsBoundedAndMoreIsDropped() {
        UdpSocket relay = open();
        for (int i = 0; i < MemoryUdp.QUEUE; i++) {
            assertThat(relay.send(ByteBuffer.allocate(1))).isTrue();
        }
        assertThat(relay.send(ByteBuffer.allocate(1))).isFalse();
        relay.flush();
        assertThat(targetEvents.datagrams).hasSize(MemoryUdp.QUEUE);
        assertThat(relay.send(ByteBuffer.allocate(1))).isTrue();
    }

    @Test
    void aPayloadThatFitsNoPacketIsDropped() {
        UdpSocket relay = open();
        assertThat(relay.send(ByteBuffer.allocate(65_528))).isFalse();
        assertThat(relay.send(ByteBuffer.allocate(65_527))).isTrue();
    }

    @Test
    void aClosedPortSaysSoToTheFirstDatagram() {
        UdpSocket relay = Ends.await(Ends.dialUdp(network, TARGET, relayEvents));
        assertThat(relayEvents.closed).isNotDone();
        Ends.send(relay, 1);
        assertThat(Ends.await(relayEvents.closed)).isInstanceOf(PortUnreachableException.class);
        assertThat(relay.send(ByteBuffer.allocate(1))).isFalse();
    }

    @Test
    void aTargetThatClosesIsHeardOfWhenTheRelaySends() {
        UdpSocket relay = open();
        target().close();
        assertThat(Ends.await(targetEvents.closed)).isNull();
        assertThat(relayEvents.closed).isNotDone();
        Ends.send(relay, 1);
        assertThat(Ends.await(relayEvents.closed)).isInstanceOf(PortUnreachableException.class);
        assertThat(targetEvents.datagrams).isEmpty();
    }

    @Test
    void aRelayThatClosesEndsTheAssociation() {
        UdpSocket relay = open();
        Ends.send(relay, 1);
        relay.close();
        relay.close();
        assertThat(targetEvents.datagrams).containsExactly(1);
        assertThat(Ends.await(relayEvents.closed)).isNull();
        assertThat(Ends.await(targetEvents.closed)).isNull();
        assertThat(target().send(ByteBuffer.allocate(1))).isFalse();
    }

    @Test
    void aTargetMaySendAndCloseBeforeTheRelayIsThere() {
        targets.udp(
                TARGET,
                dial -> dial.accept(socket -> {
                    Ends.send(socket, 1);
                    socket.close();
                    return targetEvents;
                }));
        Ends.await(Ends.dialUdp(network, TARGET, relayEvents));
        assertThat(relayEvents.datagrams).containsExactly(1);
        assertThat(Ends.await(targetEvents.closed)).isNull();
    }

    @Test
    void datagramsOverThreadsStayInOrder() {
        MemoryNetwork threaded = new MemoryNetwork();
        try (Network dialling = threaded.createNetwork()) {
            threaded.udp(TARGET, dial -> accepted.complete(dial.accept(socket -> targetEvents)));
            UdpSocket relay = Ends.await(Ends.dialUdp(dialling, TARGET, relayEvents));
            for (int i = 0; i < 10_000; i++) {
                while (!relay.send(ByteBuffer.allocate(4).putInt(i).flip())) {
                    relay.flush();
                    Thread.onSpinWait();
                }
            }
            relay.flush();
            long deadline = System.nanoTime() + 20_000_000_000L;
            while (targetEvents.datagrams.size() < 10_000) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.onSpinWait();
            }
            assertThat(targetEvents.datagrams).isSorted();
        }
        assertThat(Ends.await(relayEvents.closed)).isNull();
        assertThat(Ends.await(targetEvents.closed)).isNull();
    }
}
