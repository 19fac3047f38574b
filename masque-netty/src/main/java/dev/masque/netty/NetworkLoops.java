package dev.masque.netty;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;

/** Makes groups of event loops whose threads are daemons and start when first used. */
final class NetworkLoops {
    private NetworkLoops() {}

    static EventLoopGroup create(String name, int threads) {
        IoHandlerFactory io = Epoll.isAvailable() ? SteadyEpoll.newFactory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), io);
    }
}
