package dev.masque.core.spi;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Opens sockets towards targets. Thread-safe; owns the threads that it uses. Found by {@link NetworkProvider}. */
public interface Network extends AutoCloseable {
    /**
     * Opens a TCP connection.
     *
     * @param target a resolved address; a network of tunnels takes unresolved ones, too
     * @param options how
     * @param handler makes the connection's handler; called once, when the connection stands
     * @return completes with the connection, paused; fails with {@link dev.masque.core.NextHopException} of the fitting
     *     type. Cancelling its future stops the attempt
     */
    CompletionStage<ByteStream> connectTcp(
            InetSocketAddress target, DialOptions options, Function<? super ByteStream, ? extends ByteHandler> handler);

    /**
     * Opens a UDP socket that is connected, so that only the target can answer, and that forbids IP fragmentation.
     *
     * @param target a resolved address; a network of tunnels takes unresolved ones, too
     * @param options how
     * @param handler makes the socket's handler; called once
     * @return completes with the socket, which receives at once; fails with {@link dev.masque.core.NextHopException}
     */
    CompletionStage<UdpSocket> openUdp(
            InetSocketAddress target, DialOptions options, Function<? super UdpSocket, ? extends UdpHandler> handler);

    /** Closes every socket and ends the threads; waits for that, at most a few seconds. */
    @Override
    void close();
}
