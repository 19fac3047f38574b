package dev.masque.kwik;

import dev.masque.core.NextHopException;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.UdpHandler;
import dev.masque.core.spi.UdpSocket;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The packets of a QUIC connection in a UDP tunnel of another network. What the tunnel does not take is dropped, and so is
 * what arrives and is not received in time: the oldest goes first. Thread-safe.
 */
final class TunnelPackets implements UdpHandler {
    /** What RFC 9000, 14 needs of a path. */
    static final int SMALLEST_QUIC = 1_200;

    private static final int MOST_WAITING = 1_024;

    /** The IPv4 dummy address, RFC 7600, 5.5: the tunnel leads where it leads. */
    private static final byte[] DUMMY = {(byte) 192, 0, 0, 8};

    private final UdpSocket socket;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
    private boolean over;

    @Nullable private IOException failure;

    private TunnelPackets(UdpSocket socket) {
        this.socket = socket;
    }

    /** Opens a tunnel; fails if QUIC does not fit into it. */
    static CompletableFuture<TunnelPackets> open(Network network, ConnectOptions options) {
        AtomicReference<TunnelPackets> made = new AtomicReference<>();
        CompletableFuture<UdpSocket> opening = network.openUdp(
                        options.address(), new DialOptions(null, options.timeout(), null), socket -> {
                            TunnelPackets packets = new TunnelPackets(socket);
                            made.set(packets);
                            return packets;
                        })
                .toCompletableFuture();
        CompletableFuture<TunnelPackets> result = new CompletableFuture<>();
        result.whenComplete((packets, gone) -> opening.cancel(true));
        opening.whenComplete((socket, problem) -> {
            if (socket == null) {
                result.completeExceptionally(Objects.requireNonNull(problem));
            } else if (socket.maxPayload() < SMALLEST_QUIC) {
                socket.close();
                result.completeExceptionally(tooNarrow(socket.maxPayload()));
            } else if (!result.complete(Objects.requireNonNull(made.get()))) {
                socket.close();
            }
        });
        return result;
    }

    private static NextHopException tooNarrow(int room) {
        return new NextHopException(
                ProxyErrorType.PROXY_CONFIGURATION_ERROR,
                "QUIC needs UDP payloads of " + SMALLEST_QUIC + " bytes, the tunnel carries " + room,
                null);
    }

    /** The peer's address as kwik is to see it. */
    static InetSocketAddress standIn(int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(DUMMY), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    /** The largest payload that goes through. */
    int maxPayload() {
        return socket.maxPayload();
    }

    void send(DatagramPacket packet) {
        socket.send(ByteBuffer.wrap(packet.getData(), packet.getOffset(), packet.getLength()));
        socket.flush();
    }

    /** Waits for a packet. */
    void receive(DatagramPacket packet, InetSocketAddress from) throws SocketException {
        byte[] next = next();
        int length = Math.min(next.length, packet.getLength());
        System.arraycopy(next, 0, packet.getData(), packet.getOffset(), length);
        packet.setLength(length);
        packet.setSocketAddress(from);
    }

    private byte[] next() throws SocketException {
        lock.lock();
        try {
            while (true) {
                byte[] first = waiting.poll();
                if (first != null) {
                    return first;
                }
                if (over) {
                    throw (SocketException) new SocketException("the tunnel is over").initCause(failure);
                }
                arrived.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (SocketException) new SocketException("interrupted").initCause(e);
        } finally {
            lock.unlock();
        }
    }

    void close() {
        socket.close();
        end(null);
    }

    @Override
    public void datagram(ByteBuffer payload) {
        byte[] copy = new byte[payload.remaining()];
        payload.get(copy);
        lock.lock();
        try {
            if (waiting.size() >= MOST_WAITING) {
                waiting.remove();
            }
            waiting.add(copy);
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void closed(@Nullable IOException why) {
        end(why);
    }

    private void end(@Nullable IOException why) {
        lock.lock();
        try {
            over = true;
            failure = failure == null ? why : failure;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
