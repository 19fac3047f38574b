package dev.masque.netty;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The channels that are open, with their sessions once they have one. Thread-safe. */
final class Connections {
    private static final AttributeKey<NettySession> SESSION = AttributeKey.valueOf(Connections.class, "session");

    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();

    private volatile boolean closing;

    @Nullable private volatile Runnable emptied;

    static void session(Channel channel, NettySession session) {
        channel.attr(SESSION).set(session);
    }

    @Nullable static NettySession session(Channel channel) {
        return channel.attr(SESSION).get();
    }

    /** Closes it if {@link #close()} was called. */
    void add(Channel channel) {
        channels.add(channel);
        channel.closeFuture().addListener(closed -> {
            channels.remove(channel);
            runIfEmpty();
        });
        if (closing) {
            close(channel);
        }
    }

    /** Runs a task when there are none any more; at once if there are none now. */
    void whenEmpty(Runnable task) {
        emptied = task;
        runIfEmpty();
    }

    private void runIfEmpty() {
        Runnable task = emptied;
        if (task != null && channels.isEmpty()) {
            task.run();
        }
    }

    /** Asks every session to end when it can. */
    void drain() {
        for (Channel channel : channels) {
            NettySession session = session(channel);
            if (session != null) {
                session.drain();
            }
        }
    }

    /** Closes every session, and every connection that has none yet, and those that are added later. Does not wait. */
    void close() {
        closing = true;
        channels.forEach(Connections::close);
    }

    boolean isClosing() {
        return closing;
    }

    private static void close(Channel channel) {
        NettySession session = session(channel);
        if (session != null) {
            session.close();
        } else {
            closeEarly(channel);
        }
    }

    private static void closeEarly(Channel channel) {
        try {
            channel.eventLoop().execute(() -> {
                NettySession session = session(channel);
                if (session != null) {
                    session.close();
                } else {
                    channel.close();
                }
            });
        } catch (IllegalStateException | RejectedExecutionException neverRegistered) {
            channel.unsafe().closeForcibly();
        }
    }

    /** Waits until all are closed, and cuts those that are not at the deadline. */
    void await(long deadline) {
        for (Channel channel : channels) {
            long left = deadline - System.nanoTime();
            if (!channel.closeFuture().awaitUninterruptibly(Math.max(left, 0), TimeUnit.NANOSECONDS)) {
                SocketKind.abort(channel);
            }
        }
    }
}
