package dev.masque.kwik;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import tech.kwik.core.receive.Receiver;
import tech.kwik.core.server.impl.InitialPacketFilterProxy;
import tech.kwik.core.server.impl.ServerConnectionCandidate;
import tech.kwik.core.server.impl.ServerConnectionRegistryImpl;
import tech.kwik.core.server.impl.ServerConnectionThread;
import tech.kwik.core.server.impl.ServerConnectorImpl;

/**
 * Bounds what kwik's server keeps of packets that it has received and not processed, and of connections that were asked for
 * and do not come about, for which any datagram will do: kwik has no limit for either. A queue that is too long loses its
 * oldest packets, as that of any router does; of too many unfinished connections those go that are older than a second, or
 * all. For the thread that receives.
 */
final class ReceiveBound {
    /** For one connection, and for all that are not one yet. */
    static final int PACKETS = 4_096;

    /** Connections of which no more than the first packet has been seen. */
    static final int UNFINISHED = 4_096;

    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(50);

    /** How long kwik keeps an unfinished connection, and how long it stays here if there are many. */
    private static final long KEPT_MILLIS = 30_000;

    private static final long STAY_MILLIS = 1_000;

    private static final Field RECEIVER = Kwik.field(ServerConnectorImpl.class, "receiver");
    private static final Field RECEIVED = Kwik.field(Receiver.class, "receivedPacketsQueue");
    private static final Field REGISTRY = Kwik.field(ServerConnectorImpl.class, "connectionRegistry");
    private static final Field EXECUTOR = Kwik.field(ServerConnectorImpl.class, "sharedExecutor");
    private static final Field OF_CONNECTION = Kwik.field(ServerConnectionThread.class, "queue");
    private static final Field FIRST = Kwik.field(InitialPacketFilterProxy.class, "connection");
    private static final Field FINISHED = Kwik.field(ServerConnectionCandidate.class, "registeredConnection");
    private static final Field EXPIRY = Kwik.field(ServerConnectionCandidate.class, "cleanupTask");

    private final Queue<?> received;
    private final Queue<?> unprocessed;
    private final ServerConnectionRegistryImpl registry;
    private long lastLook = System.nanoTime();

    ReceiveBound(ServerConnectorImpl connector) {
        this.received = (Queue<?>) Kwik.get(RECEIVED, Kwik.get(RECEIVER, connector));
        this.unprocessed = ((ThreadPoolExecutor) Kwik.get(EXECUTOR, connector)).getQueue();
        this.registry = (ServerConnectionRegistryImpl) Kwik.get(REGISTRY, connector);
    }

    /** Whether there is room for a packet that has been received. */
    boolean hasRoom() {
        if (System.nanoTime() - lastLook >= PERIOD) {
            lastLook = System.nanoTime();
            look();
        }
        return received.size() < PACKETS;
    }

    private void look() {
        shorten(unprocessed);
        List<ServerConnectionCandidate> unfinished = new ArrayList<>();
        registry.getAllConnections().forEach(connection -> {
            if (connection instanceof ServerConnectionThread) {
                shorten((Queue<?>) Kwik.get(OF_CONNECTION, connection));
            } else if (connection instanceof InitialPacketFilterProxy
                    && Kwik.get(FIRST, connection) instanceof ServerConnectionCandidate candidate
                    && Kwik.find(FINISHED, candidate) == null) { // else it is the id of the first packet of another
                unfinished.add(candidate);
            }
        });
        if (unfinished.size() > UNFINISHED) {
            int before = unfinished.size();
            unfinished.removeIf(candidate -> isOld(candidate) && forget(candidate));
            if (unfinished.size() == before || unfinished.size() > 2 * UNFINISHED) {
                unfinished.forEach(this::forget);
            }
        }
    }

    private static boolean isOld(ServerConnectionCandidate candidate) {
        long left = ((ScheduledFuture<?>) Kwik.get(EXPIRY, candidate)).getDelay(TimeUnit.MILLISECONDS);
        return left < KEPT_MILLIS - STAY_MILLIS;
    }

    private boolean forget(ServerConnectionCandidate candidate) {
        ((ScheduledFuture<?>) Kwik.get(EXPIRY, candidate)).cancel(false);
        Kwik.forget(candidate);
        return true;
    }

    private static void shorten(Queue<?> queue) {
        if (queue.size() > PACKETS) {
            for (int left = PACKETS / 2; left > 0 && queue.poll() != null; left--) {
                // the oldest go
            }
        }
    }
}
