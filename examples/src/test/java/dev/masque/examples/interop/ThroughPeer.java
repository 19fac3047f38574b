package dev.masque.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What our client does through a proxy of others, whichever it is. */
abstract class ThroughPeer extends Interop {
    static final String KEY = "a-key-for-tests";

    /** A client of the peer, with the right key. */
    abstract OurClient client();

    @Test
    void bytesGoBothWays() throws Exception {
        byte[] bytes = new byte[5_000_000];
        new Random(4).nextBytes(bytes);
        try (OurClient client = client();
                Socket socket = client.tcp(origins.tcpEcho())) {
            CompletableFuture<Void> sending =
                    inBackground(() -> socket.getOutputStream().write(bytes));

            assertThat(socket.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
            sending.join();
        }
    }

    @Test
    void manyTunnelsShareASession() throws Exception {
        try (OurClient client = client()) {
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                sockets.add(client.tcp(origins.tcpEcho()));
            }
            for (int i = 0; i < 50; i++) {
                sockets.get(i).getOutputStream().write(i);
                sockets.get(i).getOutputStream().flush();
            }
            for (int i = 0; i < 50; i++) {
                assertThat(sockets.get(i).getInputStream().read()).isEqualTo(i);
                sockets.get(i).close();
            }
        }
    }

    static CompletableFuture<Void> inBackground(Action action) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        action.run();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                },
                Background.THREADS);
    }

    /** Something that may fail. */
    interface Action {
        void run() throws Exception;
    }
}
