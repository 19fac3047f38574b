package dev.masque.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Netty's epoll handler, kept from three habits that half-closed, paused and new connections suffer from.
 *
 * <p>Netty 4.2.18 takes a socket off epoll when it waits for nothing, and fails with ENOENT when it waits for something again:
 * the connection is lost. Here such a socket stays, and waits for nothing in edge-triggered mode, in which the errors that
 * epoll always reports are reported once instead of for ever.
 *
 * <p>When the peer ends its direction (EPOLLRDHUP) Netty reads everything that the system holds for the socket, also of a
 * paused one, so that a slow reader costs megabytes of memory. Here the end comes as with the JDK's sockets: by reading.
 *
 * <p>Netty looks sockets up by their descriptor. If one of a batch of events closes a socket and opens another, that has its
 * descriptor and gets the events of the batch that were for the closed one: a connection that is being made then reads its
 * target's early end before there is anyone to tell. Here a socket gets nothing from a batch that is older than it.
 */
final class SteadyEpoll implements IoHandler {
    private final IoHandler epoll;

    /** Counts the batches; those that are over have other numbers than the one under way. */
    private long batch;

    private boolean inBatch;

    private SteadyEpoll(IoHandler epoll) {
        this.epoll = epoll;
    }

    /** Makes the handlers of a group; epoll must be available. */
    static IoHandlerFactory newFactory() {
        IoHandlerFactory factory = EpollIoHandler.newFactory();
        return executor -> create(factory, executor);
    }

    private static IoHandler create(IoHandlerFactory factory, ThreadAwareExecutor executor) {
        return new SteadyEpoll(factory.newHandler(executor));
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Steady(epoll.register(new Newcomer((EpollIoHandle) handle, inBatch ? batch : -1)));
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        batch++;
        inBatch = true;
        try {
            return epoll.run(context);
        } finally {
            inBatch = false;
        }
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return epoll.isCompatible(handleType);
    }

    /** A handle to which nothing happens in the batch of events in which it was registered. */
    private final class Newcomer implements EpollIoHandle {
        private final EpollIoHandle handle;
        private final long registeredIn;

        Newcomer(EpollIoHandle handle, long registeredIn) {
            this.handle = handle;
            this.registeredIn = registeredIn;
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            if (registeredIn != batch) {
                handle.handle(registration, event);
            }
        }

        @Override
        public FileDescriptor fd() {
            return handle.fd();
        }

        @Override
        public void registered() {
            handle.registered();
        }

        @Override
        public void unregistered() {
            handle.unregistered();
        }

        @Override
        public void close() throws Exception {
            handle.close();
        }
    }

    /**
     * A registration that is never empty.
     *
     * @param epoll Netty's
     */
    private record Steady(IoRegistration epoll) implements IoRegistration {
        @Override
        public long submit(IoOps ops) {
            EpollIoOps wanted = ((EpollIoOps) ops).without(EpollIoOps.EPOLLRDHUP);
            return epoll.submit(wanted.equals(EpollIoOps.NONE) ? EpollIoOps.EPOLLET : wanted);
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // that is how Netty has it
        public <T> T attachment() {
            return epoll.attachment();
        }

        @Override
        public boolean isValid() {
            return epoll.isValid();
        }

        @Override
        public boolean cancel() {
            return epoll.cancel();
        }
    }
}
