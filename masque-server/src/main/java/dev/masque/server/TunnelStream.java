package dev.masque.server;

import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The handler of a stream that asks for a tunnel: first its set-up, then its relay. What is left of the former is nothing. */
final class TunnelStream implements StreamHandler {
    private StreamHandler phase;

    private Admission.@Nullable Place place;

    TunnelStream(TunnelSteps steps, HttpStream stream, ClientConnection connection) {
        TunnelSetup setup = new TunnelSetup(steps, this, stream, connection);
        phase = setup;
        setup.start();
    }

    void become(StreamHandler next) {
        phase = next;
    }

    void hold(Admission.Place taken) {
        place = taken;
    }

    void release() {
        if (place != null) {
            place.release();
            place = null;
        }
    }

    @Override
    public void data(ByteBuffer data) {
        phase.data(data);
    }

    @Override
    public void dataComplete() {
        phase.dataComplete();
    }

    @Override
    public void datagram(ByteBuffer payload) {
        phase.datagram(payload);
    }

    @Override
    public void end() {
        phase.end();
    }

    @Override
    public void writable() {
        phase.writable();
    }

    @Override
    public void closed(@Nullable StreamFailure failure) {
        release();
        phase.closed(failure);
    }
}
