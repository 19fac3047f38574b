package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;

/** Sends numbered datagrams to an echo, some at once, and counts what comes back. */
final class Bursts {
    /** What every queue on the way has room for. */
    private static final int BURST = 32;

    /** After so long without a datagram those that are missing count as lost; if they are only late they are counted later. */
    private static final Duration QUIET = Duration.ofMillis(300);

    private Bursts() {}

    /** Sends a datagram. */
    interface Sender {
        void send(ByteBuffer payload) throws Exception;
    }

    /** Waits for a datagram. */
    interface Receiver {
        Optional<ByteBuffer> receive(Duration patience) throws Exception;
    }

    /** How many different datagrams came back. */
    static int exchange(int count, int size, Sender to, Receiver from) throws Exception {
        BitSet seen = new BitSet();
        int missing = 0;
        for (int sent = 0; sent < count; ) {
            for (int end = Math.min(count, sent + BURST); sent < end; sent++) {
                to.send(payload(sent, size));
            }
            while (seen.cardinality() + missing < sent) {
                Optional<ByteBuffer> answer = from.receive(QUIET);
                if (answer.isEmpty()) {
                    missing = sent - seen.cardinality();
                } else {
                    int number = answer.get().getInt(answer.get().position());
                    assertThat(answer.get()).isEqualTo(payload(number, size));
                    seen.set(number);
                }
            }
        }
        return seen.cardinality();
    }

    private static ByteBuffer payload(int number, int size) {
        ByteBuffer payload = ByteBuffer.allocate(size).putInt(number);
        while (payload.hasRemaining()) {
            payload.put((byte) (number + payload.position()));
        }
        return payload.flip();
    }
}
