package dev.masque.netty;

import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionPathStats;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What the path of a connection carries, which quiche finds out by packets of increasing size (RFC 9000, 14.3) and does not
 * tell: asks it, often at first, and now and then later, since another path may carry less. For the event loop.
 *
 * <p>A client promises tunnels only what the proxy sends, too: what is answered in the same size would be lost otherwise.
 */
final class QuichePath {
    /** The packets that quiche begins with. RFC 9000, 14. */
    static final int FIRST = 1_200;

    /** What nearly every path carries, mobile networks and tunnels included: taken for granted until more, or less, is known. */
    static final int LIKELY = 1_280;

    /** The largest packet: what fits into an Ethernet frame over IPv6. */
    static final int MOST = 1_452;

    /** When to ask: at first after 2 ms, 4, 8 and so on, then again and again after 20, and then after 100. */
    private static final int OFTEN = 30;

    private static final long OFTEN_MILLIS = 20;
    private static final long SELDOM_MILLIS = 100;

    /** After this the search is over, as far as anybody waits for it. */
    private static final int TIMES = 60;

    /** A DATAGRAM frame's type and length. */
    private static final int FRAME = 3;

    private static final int MOST_PATHS = 8;

    private final QuicheSession session;
    private final QuicChannel channel;
    private final QuicheSocket socket;
    private final QuicheDatagrams datagrams;
    private final int likely;

    /** What a packet has besides frames. */
    private int overhead;

    private boolean begun;
    private int times;

    QuichePath(QuicheSession session, QuicChannel channel, QuicheSocket socket, QuicheDatagrams datagrams) {
        this.session = session;
        this.channel = channel;
        this.socket = socket;
        this.datagrams = datagrams;
        this.likely = Math.min(LIKELY, socket.most());
    }

    /** quiche sends datagrams with so many bytes of data now: begins to ask for more. */
    void begin(int data) {
        if (data <= 0) {
            return;
        }
        int packet = data < packet() ? packet() : socket.most(); // a client's quiche may begin with what it hopes for
        overhead = packet - FRAME - data;
        begun = true;
        ask();
        askAgain();
    }

    private void askAgain() {
        if (!isSearching()) {
            return;
        }
        long millis = times < OFTEN ? Math.min(2L << Math.min(times, 10), OFTEN_MILLIS) : SELDOM_MILLIS;
        session.soon(
                () -> {
                    times++;
                    if (packet() < socket.most()) {
                        session.nudge(); // what is acknowledged after a probe tells that the probe is lost
                    }
                    ask();
                    askAgain();
                },
                TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private boolean isSearching() {
        return times < TIMES;
    }

    /** Somebody wants to know. */
    void askIfSearching() {
        if (isSearching()) {
            ask();
        }
    }

    /** Asks quiche. */
    void ask() {
        if (!begun) {
            return; // no datagrams, or not yet
        }
        int now = packet();
        int promised = session.isServer() ? now : Math.min(now, Math.max(likely, socket.largest()));
        if (promised == socket.most()) {
            times = TIMES; // there is no more to find
        }
        datagrams.limits(data(now), data(isSearching() ? Math.max(promised, likely) : promised), isSearching());
    }

    private int data(int packet) {
        return packet - overhead - FRAME;
    }

    /** The largest packet that quiche sends on the path in use. */
    private int packet() {
        for (int index = 0; index < MOST_PATHS; index++) {
            Future<QuicConnectionPathStats> stats = channel.collectPathStats(index);
            if (!stats.isSuccess()) {
                break;
            }
            if (stats.getNow().active()) {
                return (int) stats.getNow().pmtu();
            }
        }
        return FIRST;
    }
}
