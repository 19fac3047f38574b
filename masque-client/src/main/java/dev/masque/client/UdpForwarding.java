package dev.masque.client;

import dev.masque.client.pool.Timer;
import dev.masque.core.Target;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Datagrams to a local port, those of each source through a tunnel of its own. A source that is silent for long loses it, and
 * so does the one silent for longest when there are too many. One blocked thread in all. Thread-safe.
 */
final class UdpForwarding implements Forwarding {
    private static final Logger LOG = LoggerFactory.getLogger(UdpForwarding.class);
    private static final int MAX_EARLY = 16;
    private static final int MAX_DATAGRAM = 65_535;

    private final DatagramChannel channel;
    private final InetSocketAddress local;
    private final Target target;
    private final Function<Target, CompletionStage<UdpTunnel>> opener;
    private final Timer timer;
    private final int maxSources;
    private final Duration idle;
    private final Consumer<Forwarding> onClose;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<SocketAddress, Source> sources = new LinkedHashMap<>(16, 0.75f, true); // longest silent first
    private boolean closed;

    /** One peer and its tunnel. Guarded by the lock, but for the time. */
    private static final class Source {
        private final Queue<ByteBuffer> early = new ArrayDeque<>();
        private volatile long lastSeen;

        @Nullable private UdpTunnel tunnel;
    }

    UdpForwarding(
            InetSocketAddress address,
            Target target,
            Function<Target, CompletionStage<UdpTunnel>> opener,
            Executor executor,
            Timer timer,
            int maxSources,
            Duration idle,
            Consumer<Forwarding> onClose)
            throws IOException {
        this.target = target;
        this.opener = opener;
        this.timer = timer;
        this.maxSources = maxSources;
        this.idle = idle;
        this.onClose = onClose;
        this.channel = DatagramChannel.open();
        try {
            channel.bind(address);
            local = (InetSocketAddress) channel.getLocalAddress();
            executor.execute(this::receive);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        timer.after(idle, this::expire);
    }

    @Override
    public InetSocketAddress localAddress() {
        return local;
    }

    private void receive() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM);
        while (channel.isOpen()) {
            buffer.clear();
            try {
                SocketAddress from = channel.receive(buffer);
                if (from != null) {
                    take(from, buffer.flip());
                }
            } catch (IOException e) {
                if (channel.isOpen()) {
                    LOG.debug("a datagram was not received", e);
                }
            }
        }
        close();
    }

    private void take(SocketAddress from, ByteBuffer payload) throws IOException {
        UdpTunnel tunnel = null;
        Source fresh = null;
        UdpTunnel evicted = null;
        lock.lock();
        try {
            Source source = sources.get(from);
            if (source == null) {
                if (sources.size() >= maxSources) {
                    evicted = removeEldest();
                }
                source = new Source();
                sources.put(from, source);
                fresh = source;
            }
            source.lastSeen = System.nanoTime();
            tunnel = source.tunnel;
            if (tunnel == null && source.early.size() < MAX_EARLY) {
                source.early.add(
                        ByteBuffer.allocate(payload.remaining()).put(payload).flip());
            }
        } finally {
            lock.unlock();
        }
        if (evicted != null) {
            evicted.close();
        }
        if (fresh != null) {
            open(from, fresh);
        } else if (tunnel != null) {
            send(tunnel, payload);
        }
    }

    @Nullable private UdpTunnel removeEldest() {
        Iterator<Source> eldest = sources.values().iterator();
        UdpTunnel tunnel = eldest.next().tunnel;
        eldest.remove();
        return tunnel;
    }

    private void open(SocketAddress from, Source source) {
        opener.apply(target).whenComplete((tunnel, failure) -> {
            if (tunnel == null) {
                LOG.debug("a tunnel for datagrams failed", failure);
                forget(from, source);
                return;
            }
            List<ByteBuffer> early;
            boolean wanted;
            lock.lock();
            try {
                wanted = !closed && sources.get(from) == source;
                early = new ArrayList<>(source.early);
                source.early.clear();
                if (wanted) {
                    source.tunnel = tunnel;
                }
            } finally {
                lock.unlock();
            }
            if (!wanted) {
                tunnel.close();
                return;
            }
            tunnel.listen(new Replies(from, source));
            early.forEach(payload -> send(tunnel, payload));
        });
    }

    private static void send(UdpTunnel tunnel, ByteBuffer payload) {
        try {
            tunnel.send(payload);
        } catch (IOException e) {
            LOG.debug("a datagram was not sent", e);
        }
    }

    private void forget(SocketAddress from, Source source) {
        lock.lock();
        try {
            sources.remove(from, source);
        } finally {
            lock.unlock();
        }
    }

    private void expire() {
        List<UdpTunnel> silent = new ArrayList<>();
        boolean again;
        lock.lock();
        try {
            again = !closed;
            long before = System.nanoTime() - idle.toNanos();
            sources.values().removeIf(source -> {
                boolean old = source.lastSeen - before <= 0;
                if (old && source.tunnel != null) {
                    silent.add(source.tunnel);
                }
                return old;
            });
        } finally {
            lock.unlock();
        }
        silent.forEach(UdpTunnel::close);
        if (again) {
            timer.after(idle.dividedBy(4), this::expire);
        }
    }

    @Override
    public void close() {
        List<UdpTunnel> tunnels = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            for (Source source : sources.values()) {
                if (source.tunnel != null) {
                    tunnels.add(source.tunnel);
                }
            }
            sources.clear();
        } finally {
            lock.unlock();
        }
        tunnels.forEach(UdpTunnel::close);
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("a forwarding cannot be closed", e);
        } finally {
            onClose.accept(this);
        }
    }

    /** What comes back for one source. */
    private final class Replies implements DatagramListener {
        private final SocketAddress to;
        private final Source source;

        Replies(SocketAddress to, Source source) {
            this.to = to;
            this.source = source;
        }

        @Override
        public void datagram(ByteBuffer payload) {
            source.lastSeen = System.nanoTime();
            try {
                channel.send(payload, to); // a full buffer of the system blocks for a moment at most
            } catch (IOException e) {
                LOG.debug("a datagram was not returned", e);
            }
        }

        @Override
        public void closed(@Nullable IOException failure) {
            forget(to, source);
        }
    }
}
