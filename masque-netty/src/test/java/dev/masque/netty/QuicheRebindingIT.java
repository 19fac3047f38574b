package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.HttpVersion;
import dev.masque.core.contract.LossyPath;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import dev.masque.core.spi.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client whose address changes keeps its tunnels (RFC 9000, 9). */
@Timeout(60)
class QuicheRebindingIT {
    private static final int TIMES = 5;

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static StreamHandler echo(HttpStream stream) {
        stream.respond(new ResponseHead(200, HeaderFields.empty()));
        stream.resume();
        return new StreamHandler() {
            @Override
            public void data(ByteBuffer data) {
                stream.write(data);
                stream.flush();
            }

            @Override
            public void end() {
                stream.end();
            }

            @Override
            public void writable() {}

            @Override
            public void closed(@Nullable StreamFailure failure) {}
        };
    }

    @Test
    void tunnelsSurviveANewAddress() throws Exception {
        try (Transport transport = new QuicheTransport(NetworkLoops.create("masque-rebinding", 4))) {
            Listening listening = await(transport.listen(
                    new ListenOptions(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            Set.of(HttpVersion.HTTP_3),
                            Loopback.PKI::identity,
                            SessionLimits.defaults()),
                    QuicheRebindingIT::echo));
            try (LossyPath nat = new LossyPath(listening.address(), 1)) {
                SessionHandler none = stream -> {
                    throw new IllegalStateException();
                };
                HttpSession session = await(transport.connect(
                        new ConnectOptions(
                                nat.address(),
                                "localhost",
                                List.of(HttpVersion.HTTP_3),
                                Loopback.PKI.trust(),
                                Duration.ofSeconds(10),
                                SessionLimits.defaults()),
                        none));
                Events[] events = new Events[1];
                HttpStream tunnel = session.open(
                        RequestHead.connect("example.com:443", HeaderFields.empty()), s -> events[0] = Events.on(s));
                assertThat(events[0].response().status()).isEqualTo(200);
                for (int i = 1; i <= TIMES; i++) {
                    tunnel.write(Events.bytes("still here"));
                    tunnel.flush();
                    assertThat(events[0].awaitBytes(10 * i)).hasSize(10 * i);
                    nat.rebind();
                }
            }
        }
    }
}
