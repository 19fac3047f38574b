package dev.masque.kwik;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.RequestHead;
import java.net.DatagramSocket;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tech.kwik.core.impl.QuicClientConnectionImpl;
import tech.kwik.core.log.NullLogger;
import tech.kwik.core.recovery.LossDetector;
import tech.kwik.core.recovery.RecoveryManager;
import tech.kwik.core.recovery.RttEstimator;
import tech.kwik.core.send.SenderImpl;

/** The round trip that losses are measured by. */
@Timeout(60)
class LossDelayFloorIT {
    private static Object recoveryOf(QuicClientConnectionImpl connection) {
        return Kwik.get(Kwik.field(SenderImpl.class, "recoveryManager"), Kwik.sender(connection));
    }

    private static RttEstimator estimate(QuicClientConnectionImpl connection) {
        Object[] detectors =
                (Object[]) Kwik.get(Kwik.field(RecoveryManager.class, "lossDetectors"), recoveryOf(connection));
        return (RttEstimator) Kwik.get(Kwik.field(LossDetector.class, "rttEstimater"), detectors[2]);
    }

    private static QuicClientConnectionImpl connection() throws Exception {
        return (QuicClientConnectionImpl) QuicClientConnectionImpl.newBuilder()
                .applicationProtocol("h3")
                .host("localhost")
                .port(9)
                .socketFactory(address -> new DatagramSocket())
                .logger(new NullLogger())
                .build();
    }

    @Test
    void aPathOfNoTimeHasALossDelayAllTheSame() throws Exception {
        QuicClientConnectionImpl connection = connection();
        RttEstimator kwiks = estimate(connection);
        LossDelayFloor.install(connection);
        LossDelayFloor.install(connection);
        Instant now = Instant.now();
        estimate(connection).addSample(now, now, 0);

        assertThat(kwiks.getSmoothedRtt()).as("kwik without this").isZero();
        assertThat(estimate(connection).getSmoothedRtt()).isEqualTo(1);
        assertThat(estimate(connection).getLatestRtt()).isEqualTo(1);
    }

    @Test
    void aLongerPathIsMeasuredAsItIs() throws Exception {
        QuicClientConnectionImpl connection = connection();
        LossDelayFloor.install(connection);
        Instant now = Instant.now();
        estimate(connection).addSample(now.plusMillis(40), now, 0);

        assertThat(estimate(connection).getSmoothedRtt()).isEqualTo(40);
        assertThat(estimate(connection).getLatestRtt()).isEqualTo(40);
        assertThat(estimate(connection).getRttVar()).isEqualTo(20);
    }

    /** With assertions enabled, as they are here, kwik gave about one connection in a hundred up. */
    @Test
    void manyShortConnectionsOnAFastPathStand() throws Exception {
        try (Loopback loopback = new Loopback(new EchoServer())) {
            for (int i = 0; i < 100; i++) {
                try (HttpSession session = loopback.connect()) {
                    RecordingStream events = new RecordingStream();
                    session.open(RequestHead.connect("target.example:443", HeaderFields.empty()), s -> events);
                    assertThat(events.response.get(10, TimeUnit.SECONDS).status())
                            .isEqualTo(200);
                }
            }
        }
    }
}
