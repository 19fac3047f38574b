package dev.masque.privacypass;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/** Contexts that a keyed function makes of the time. */
record TimeWindows(SecretKey secret, Duration window, Clock clock) implements RedemptionContexts {
    @Override
    public Bytes current() {
        return context(number());
    }

    @Override
    public List<Bytes> accepted() {
        long number = number();
        return List.of(context(number), context(number - 1));
    }

    @Override
    public Duration maxAge() {
        return window;
    }

    private long number() {
        return Math.floorDiv(clock.instant().getEpochSecond(), window.toSeconds());
    }

    private Bytes context(long number) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(secret);
            mac.update("redemption context ".getBytes(StandardCharsets.US_ASCII));
            return Bytes.copyOf(mac.doFinal(Long.toString(number).getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a secret that cannot be used", e);
        }
    }

    /** The window, and not the secret. */
    @Override
    public String toString() {
        return "TimeWindows[" + window + "]";
    }
}
