package dev.masque.server;

import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.StreamHandler;
import dev.masque.server.event.RequestAnswered;
import dev.masque.server.site.Answers;
import java.time.Duration;
import java.util.Optional;

/** What a server adds to the answer to one ordinary request, and tells of it. */
final class OrdinaryAnswers implements Answers {
    private final TunnelSteps steps;
    private final ClientConnection connection;
    private final Timing timing;

    OrdinaryAnswers(TunnelSteps steps, ClientConnection connection) {
        this.steps = steps;
        this.connection = connection;
        this.timing = new Timing(steps.timer());
    }

    @Override
    public HeaderFields fields() {
        return steps.responses().ordinary(timing.proxy(), connection.localPort());
    }

    @Override
    public void answered(int status) {
        steps.listener()
                .requestAnswered(new RequestAnswered(
                        connection.id(),
                        connection.session().info().version(),
                        Optional.empty(),
                        status,
                        Optional.empty(),
                        timing.proxy(),
                        Duration.ZERO,
                        Duration.ZERO));
    }

    @Override
    public StreamHandler leftover(ByteStream stream) {
        return new AnsweredStream(stream, steps.leftovers());
    }
}
