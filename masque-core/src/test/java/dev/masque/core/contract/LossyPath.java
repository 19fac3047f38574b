package dev.masque.core.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A way for UDP packets between clients and a server on loopback, on which they get lost, come twice, late and out of order, by
 * a seed; and a NAT, if told so. Thread-safe; one thread of its own moves the packets.
 */
public final class LossyPath implements AutoCloseable {
    private static final int MAX_PACKET = 65_535;
    private static final int SYSTEM_BUFFER = 4 << 20;
    private static final int PACKETS_PER_READ = 64;

    private final InetSocketAddress server;
    private final Way forth;
    private final Way back;
    private final Selector selector = Selector.open();
    private final DatagramChannel front = DatagramChannel.open();
    private final InetSocketAddress address;
    private final Map<InetSocketAddress, Flow> flows = new ConcurrentHashMap<>();
    private final PriorityQueue<Late> waiting = new PriorityQueue<>();
    private final Thread thread = new Thread(this::run, "lossy-path");

    private long order;

    /**
     * Starts one with fine weather.
     *
     * @param server where packets go
     * @param seed of everything that happens to them
     */
    public LossyPath(InetSocketAddress server, long seed) throws IOException {
        this.server = server;
        this.forth = new Way(new SplittableRandom(seed));
        this.back = new Way(new SplittableRandom(~seed));
        front.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        address = (InetSocketAddress) front.getLocalAddress();
        register(front, null);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * What becomes of packets.
     *
     * @param loss the share that is lost, 0 to 1
     * @param twice the share that comes twice, the second time late
     * @param late the share that is overtaken by what comes in the next milliseconds
     * @param delay of every packet
     */
    public record Weather(double loss, double twice, double late, Duration delay) {
        /** Nothing happens. */
        public static final Weather FINE = new Weather(0, 0, 0, Duration.ZERO);

        /** Two of a hundred packets are lost, one comes twice, two come late. */
        public static final Weather BAD = new Weather(0.02, 0.01, 0.02, Duration.ofMillis(1));

        private static final long LATEST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

        /** How late a packet is that is late. */
        private static long lateness(SplittableRandom random) {
            return random.nextLong(LATEST_NANOS);
        }
    }

    /** One direction. Thread-safe. */
    public static final class Way {
        private final SplittableRandom random;
        private final AtomicLong packets = new AtomicLong();
        private final AtomicLong bytes = new AtomicLong();
        private final AtomicLong lost = new AtomicLong();

        private volatile Weather weather = Weather.FINE;
        private volatile UnaryOperator<byte[]> change = UnaryOperator.identity();
        private volatile boolean closed;
        private volatile int width = MAX_PACKET;

        private Way(SplittableRandom random) {
            this.random = random;
        }

        /** From now on the weather is this. */
        public void weather(Weather now) {
            weather = now;
        }

        /** From now on every packet that is not lost becomes another. */
        public void change(UnaryOperator<byte[]> now) {
            change = now;
        }

        /** From now on nothing comes through, or again what does. */
        public void closed(boolean now) {
            closed = now;
        }

        /** From now on packets of more bytes get lost. */
        public void width(int most) {
            width = most;
        }

        /** How many packets went into it. */
        public long packets() {
            return packets.get();
        }

        /** How many bytes they had. */
        public long bytes() {
            return bytes.get();
        }

        /** How many of the packets did not come out. */
        public long lost() {
            return lost.get();
        }

        private boolean loses(int length) {
            packets.incrementAndGet();
            bytes.addAndGet(length);
            boolean loses = random.nextDouble() < weather.loss() || closed || length > width;
            if (loses) {
                lost.incrementAndGet();
            }
            return loses;
        }
    }

    /** The packets of one client, and the address that the server knows it by. */
    private static final class Flow {
        final InetSocketAddress client;
        volatile DatagramChannel channel;

        @SuppressWarnings("NullAway.Init") // its maker
        Flow(InetSocketAddress client) {
            this.client = client;
        }
    }

    private record Late(long due, long order, Flow flow, boolean forth, ByteBuffer data) implements Comparable<Late> {
        @Override
        public int compareTo(Late other) {
            int byTime = Long.compare(due - other.due, 0);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /** Where the server seems to be. */
    public InetSocketAddress address() {
        return address;
    }

    /** The direction to the server. */
    public Way forth() {
        return forth;
    }

    /** The direction to the clients. */
    public Way back() {
        return back;
    }

    /** From now on the weather is this in both directions. */
    public void weather(Weather now) {
        forth.weather(now);
        back.weather(now);
    }

    /** From now on the server sees every client at another address; what it sends to the old ones is lost. */
    public void rebind() throws IOException {
        for (Flow flow : flows.values()) {
            DatagramChannel old = flow.channel;
            flow.channel = towardsServer(flow);
            old.close();
        }
    }

    private DatagramChannel towardsServer(Flow flow) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        register(channel, flow);
        return channel;
    }

    private void register(DatagramChannel channel, @Nullable Flow flow) throws IOException {
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SYSTEM_BUFFER);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SYSTEM_BUFFER);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, flow);
        selector.wakeup();
    }

    private Flow flowOf(InetSocketAddress client) throws IOException {
        Flow flow = flows.get(client);
        if (flow == null) {
            flow = new Flow(client);
            flow.channel = towardsServer(flow);
            flows.put(client, flow);
        }
        return flow;
    }

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocate(MAX_PACKET);
        try {
            while (selector.isOpen()) {
                Late next = waiting.peek();
                if (next == null) {
                    selector.select(key -> receive(key, buffer));
                } else { // in milliseconds, the last of which is spent in waiting for packets too
                    long left = TimeUnit.NANOSECONDS.toMillis(next.due() - System.nanoTime());
                    selector.select(key -> receive(key, buffer), Math.max(1, left));
                }
                sendWhatIsDue();
            }
        } catch (IOException | ClosedSelectorException e) {
            // closed
        }
    }

    private void receive(SelectionKey key, ByteBuffer buffer) {
        try {
            DatagramChannel channel = (DatagramChannel) key.channel();
            for (int i = 0; i < PACKETS_PER_READ; i++) {
                InetSocketAddress from = (InetSocketAddress) channel.receive(buffer.clear());
                if (from == null) {
                    return;
                }
                Flow known = (Flow) key.attachment();
                pass(known == null ? flowOf(from) : known, known == null, buffer.flip());
                sendWhatIsDue();
            }
        } catch (IOException e) {
            // replaced, closed, or an answer of the kernel's to what was sent
        }
    }

    private void pass(Flow flow, boolean isForth, ByteBuffer packet) {
        Way way = isForth ? forth : back;
        if (way.loses(packet.remaining())) {
            return;
        }
        byte[] data = new byte[packet.remaining()];
        packet.get(data);
        ByteBuffer changed = ByteBuffer.wrap(way.change.apply(data));
        Weather weather = way.weather;
        SplittableRandom random = way.random;
        long due = System.nanoTime() + weather.delay().toNanos();
        boolean late = random.nextDouble() < weather.late();
        waiting.add(new Late(late ? due + Weather.lateness(random) : due, order++, flow, isForth, changed));
        if (random.nextDouble() < weather.twice()) {
            waiting.add(new Late(due + Weather.lateness(random), order++, flow, isForth, changed.duplicate()));
        }
    }

    private void sendWhatIsDue() {
        for (Late next = waiting.peek(); next != null && next.due() - System.nanoTime() <= 0; next = waiting.peek()) {
            waiting.remove();
            try {
                if (next.forth()) {
                    next.flow().channel.send(next.data(), server);
                } else {
                    front.send(next.data(), next.flow().client);
                }
            } catch (IOException e) {
                // replaced, or nobody is there: lost
            }
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        front.close();
        for (Flow flow : flows.values()) {
            flow.channel.close();
        }
    }
}
