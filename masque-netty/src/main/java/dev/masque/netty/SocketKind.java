package dev.masque.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The two ways to have a socket: Netty's native one on Linux and the JDK's. What an event loop can carry decides. */
enum SocketKind {
    /** Native sockets on epoll. */
    EPOLL {
        @Override
        SocketChannel newTcp() {
            EpollSocketChannel channel = new EpollSocketChannel();
            // without this every connection from a source address takes one of its ports from all targets
            channel.config().setOption(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
            return channel;
        }

        @Override
        ServerSocketChannel newServer() {
            return new EpollServerSocketChannel();
        }

        @Override
        DatagramChannel newQuic() {
            EpollDatagramChannel channel = new EpollDatagramChannel();
            channel.config().setMaxDatagramPayloadSize(QUIC_PACKET);
            channel.config().setRecvByteBufAllocator(packets(PACKETS_PER_CALL));
            channel.config().setOption(IP_MTU_DISCOVER, PMTUDISC_PROBE);
            if (Socket.isIPv6Preferred()) {
                channel.config().setOption(IPV6_MTU_DISCOVER, PMTUDISC_PROBE);
            }
            return channel;
        }

        @Override
        UdpChannel udp(boolean ipv6) {
            EpollDatagramChannel channel =
                    new EpollDatagramChannel(ipv6 ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET);
            channel.config().setOption(ipv6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER, PMTUDISC_DO);
            if (UdpOffload.joins()) {
                channel.config().setOption(EpollChannelOption.UDP_GRO, true);
            }
            return new UdpChannel(channel, () -> ((Socket) channel.fd()).send(NOTHING, 0, 0));
        }
    },

    /** Sockets of the JDK. */
    NIO {
        @Override
        SocketChannel newTcp() {
            return new NioSocketChannel();
        }

        @Override
        ServerSocketChannel newServer() {
            return new NioServerSocketChannel();
        }

        @Override
        DatagramChannel newQuic() {
            java.nio.channels.DatagramChannel socket;
            try {
                socket = SelectorProvider.provider().openDatagramChannel();
            } catch (IOException e) {
                throw new ChannelException("no socket", e);
            }
            try {
                forbidFragments(socket);
            } catch (IOException e) {
                // it may cut packets into fragments, then
            }
            NioDatagramChannel channel = new NioDatagramChannel(socket);
            channel.config().setRecvByteBufAllocator(packets(1));
            return channel;
        }

        @Override
        UdpChannel udp(boolean ipv6) throws IOException {
            java.nio.channels.DatagramChannel socket = SelectorProvider.provider()
                    .openDatagramChannel(ipv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
            try {
                forbidFragments(socket);
                return new UdpChannel(
                        new NioDatagramChannel(socket), null); // the JDK sends no empty datagram when connected
            } catch (IOException | RuntimeException e) {
                socket.close();
                throw e;
            }
        }
    };

    /** The largest UDP payload that IPv4 and IPv6 carry is 65,527 bytes. */
    private static final int RECEIVE_BUFFER = 65_536;

    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private static final int SYSTEM_BUFFER = 1 << 20;

    // from linux/in.h and linux/in6.h; the JDK sets the same ones
    private static final ChannelOption<Integer> IP_MTU_DISCOVER =
            new IntegerUnixChannelOption("IP_MTU_DISCOVER", 0, 10);
    private static final ChannelOption<Integer> IPV6_MTU_DISCOVER =
            new IntegerUnixChannelOption("IPV6_MTU_DISCOVER", 41, 23);
    private static final int PMTUDISC_DO = 2;

    /** No fragments, and no limit but that of the interface: who sends tries out what the path carries. */
    private static final int PMTUDISC_PROBE = 3;

    /** Room for a packet of QUIC, and for one that is too large to be seen as that. */
    private static final int QUIC_PACKET = 2_048;

    /** Those that one system call receives, where there is such a call. */
    private static final int PACKETS_PER_CALL = 64;

    /** After these it is the turn of others; what each stream got of them leaves together. */
    private static final int PACKETS_PER_READ = 256;

    private static final ChannelOption<Integer> IP_FREEBIND = new IntegerUnixChannelOption("IP_FREEBIND", 0, 15);

    /**
     * A datagram socket, and the way to send an empty datagram from it, which Netty's channels leave out.
     *
     * @param channel the socket, not registered
     * @param sendEmpty sends an empty datagram to the peer at once, on the event loop; null if that cannot be done
     */
    record UdpChannel(DatagramChannel channel, @Nullable EmptyDatagram sendEmpty) {
        UdpChannel {
            channel.config()
                    .setAutoRead(false)
                    .setReceiveBufferSize(SYSTEM_BUFFER)
                    .setSendBufferSize(SYSTEM_BUFFER)
                    .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(RECEIVE_BUFFER).maxMessagesPerRead(64))
                    .setAllocator(ByteBufAllocator.DEFAULT);
        }
    }

    /** Sends an empty datagram. */
    interface EmptyDatagram {
        /**
         * Sends it.
         *
         * @throws IOException if the socket call fails
         */
        void send() throws IOException;
    }

    /**
     * A TCP socket that is not registered.
     *
     * @throws IOException if there is none, as when the process has as many files open as it may
     */
    final SocketChannel tcp() throws IOException {
        return made(this::newTcp);
    }

    abstract SocketChannel newTcp();

    /**
     * A UDP socket for QUIC, whose packets are not cut into fragments, RFC 9000, 14; not registered.
     *
     * @throws IOException if there is none
     */
    final DatagramChannel quic() throws IOException {
        return made(this::newQuic);
    }

    abstract DatagramChannel newQuic();

    private static <C> C made(Supplier<C> socket) throws IOException {
        try {
            return socket.get();
        } catch (ChannelException e) {
            throw new IOException("no socket", e);
        }
    }

    private static RecvByteBufAllocator packets(int perCall) {
        return new FixedRecvByteBufAllocator(perCall * QUIC_PACKET).maxMessagesPerRead(PACKETS_PER_READ);
    }

    /**
     * A TCP socket that will listen, not registered.
     *
     * @throws IOException if there is none
     */
    final ServerSocketChannel server() throws IOException {
        return made(this::newServer);
    }

    abstract ServerSocketChannel newServer();

    /** A UDP socket that is not registered and whose packets are never fragmented. */
    abstract UdpChannel udp(boolean ipv6) throws IOException;

    /** A UDP socket for questions to name servers, not registered. */
    DatagramChannel dnsUdp() {
        return this == EPOLL ? new EpollDatagramChannel() : new NioDatagramChannel();
    }

    /** What runs on an event loop. */
    static SocketKind of(EventLoop loop) {
        return loop instanceof IoEventLoop io && io.isCompatible(EpollIoHandle.class) ? EPOLL : NIO;
    }

    /** The executor as an event loop that can carry half-closed sockets, or null if it is none. */
    @Nullable static EventLoop loop(@Nullable Executor executor) {
        return executor instanceof IoEventLoop loop
                        && !loop.isShuttingDown()
                        && (loop.isIoType(SteadyEpoll.class) || loop.isIoType(NioIoHandler.class))
                ? loop
                : null;
    }

    /** The error that waits on a native socket, such as that of a reset; null if there is none or it cannot be known. */
    @Nullable static IOException pendingError(Channel channel) {
        try {
            if (channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket) {
                int errno = socket.getSoError();
                return errno == 0 ? null : Errors.newIOException("read", -errno);
            }
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    /** Lets a socket come from an address that no interface has, as where a whole prefix is routed to this host. */
    static void allowAnySource(Channel channel) {
        if (channel instanceof UnixChannel) {
            channel.config().setOption(IP_FREEBIND, 1); // for IPv6 too
        }
    }

    /** Closes a channel with an RST instead of a FIN; on its event loop. */
    static void abort(Channel channel) {
        if (channel instanceof SocketChannel tcp && channel.isOpen()) {
            try {
                tcp.config().setSoLinger(0);
            } catch (RuntimeException closedMeanwhile) {
                // a socket that the peer has reset may refuse the option: there is nobody left to tell
            }
        }
        if (channel instanceof CarriedChannel carried) {
            carried.aborts();
        }
        channel.unsafe()
                .close(channel.newPromise()); // not through the pipeline: TLS would say goodbye, and the end look
        // orderly
    }

    @SuppressWarnings("unchecked")
    private static void forbidFragments(java.nio.channels.DatagramChannel socket) throws IOException {
        for (SocketOption<?> option : socket.supportedOptions()) {
            // jdk.net.ExtendedSocketOptions.IP_DONTFRAGMENT is there since 19; before that the JDK cannot forbid
            // fragments
            if (option.name().equals("IP_DONTFRAGMENT") && option.type() == Boolean.class) {
                socket.setOption((SocketOption<Boolean>) option, true);
            }
        }
    }
}
