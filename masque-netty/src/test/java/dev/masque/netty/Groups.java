package dev.masque.netty;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.nio.NioIoHandler;

/** Event loops of a wanted kind. */
final class Groups {
    private Groups() {}

    static EventLoopGroup of(SocketKind kind) {
        if (kind == SocketKind.EPOLL) {
            assumeTrue(Epoll.isAvailable(), "epoll is not available here");
            return new MultiThreadIoEventLoopGroup(2, SteadyEpoll.newFactory());
        }
        return new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    }
}
