package dev.masque.kwik;

import static org.assertj.core.api.Assertions.assertThat;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.RequestHead;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Acknowledgements on a path that takes no time. */
@Timeout(60)
class AckTimingIT {
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
