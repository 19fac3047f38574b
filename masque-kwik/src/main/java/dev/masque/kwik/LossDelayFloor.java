package dev.masque.kwik;

import java.lang.reflect.Field;
import java.time.Instant;
import tech.kwik.core.QuicConnection;
import tech.kwik.core.log.NullLogger;
import tech.kwik.core.recovery.LossDetector;
import tech.kwik.core.recovery.RecoveryManager;
import tech.kwik.core.recovery.RttEstimator;
import tech.kwik.core.send.SenderImpl;

/**
 * What kwik's loss detection hears of the round trip: at least a millisecond (kGranularity, RFC 9002, 6.1.2). Kwik counts
 * whole milliseconds, so on a short path it knows of 0, takes what is on its way for lost at once, and with assertions enabled
 * gives the connection up. Everything else goes to kwik's own estimate. Thread-safe.
 */
final class LossDelayFloor extends RttEstimator {
    private static final int GRANULARITY = 1;

    private static final Field RECOVERY = Kwik.field(SenderImpl.class, "recoveryManager");
    private static final Field DETECTORS = Kwik.field(RecoveryManager.class, "lossDetectors");
    private static final Field ESTIMATE = Kwik.field(LossDetector.class, "rttEstimater");

    private final RttEstimator kwik;

    private LossDelayFloor(RttEstimator kwik) {
        super(new NullLogger());
        this.kwik = kwik;
    }

    /** To be called before the first acknowledgement arrives. */
    static void install(QuicConnection connection) {
        Object recovery = Kwik.get(RECOVERY, Kwik.sender(connection));
        for (Object detector : (Object[]) Kwik.get(DETECTORS, recovery)) {
            RttEstimator estimate = (RttEstimator) Kwik.get(ESTIMATE, detector);
            if (!(estimate instanceof LossDelayFloor)) {
                Kwik.set(ESTIMATE, detector, new LossDelayFloor(estimate));
            }
        }
    }

    // ackReceived, as inherited, hands its samples to this
    @Override
    public void addSample(Instant received, Instant sent, int ackDelay) {
        kwik.addSample(received, sent, ackDelay);
    }

    @Override
    public int getSmoothedRtt() {
        return Math.max(GRANULARITY, kwik.getSmoothedRtt());
    }

    @Override
    public int getLatestRtt() {
        return Math.max(GRANULARITY, kwik.getLatestRtt());
    }

    @Override
    public int getRttVar() {
        return kwik.getRttVar();
    }

    @Override
    public void setMaxAckDelay(int milliseconds) {
        kwik.setMaxAckDelay(milliseconds);
    }
}
