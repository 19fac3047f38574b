package dev.masque.client;

import org.jspecify.annotations.Nullable;

/**
 * Where a proxy stands in a chain. Immutable.
 *
 * @param number 1 for the first
 * @param of how many there are
 */
record HopPlace(int number, int of) {
    static final HopPlace ONLY = new HopPlace(1, 1);

    boolean isLast() {
        return number == of;
    }

    /** The failure with this place in it, unless another has named it before. */
    TunnelException name(TunnelException failure) {
        return failure.hop() == 0 ? failure.at(culprit(failure.getCause())) : failure;
    }

    /** A tunnel that stood is broken: by an earlier hop, if its failure is among the causes, else by this. */
    TunnelException broken(String message, @Nullable Throwable cause) {
        return new TunnelException(TunnelStep.TUNNEL, false, message, cause).at(culprit(cause));
    }

    private HopPlace culprit(@Nullable Throwable cause) {
        HopPlace place = this;
        for (Throwable earlier = cause; earlier != null; earlier = earlier.getCause()) {
            if (earlier instanceof TunnelException known && known.hop() > 0) {
                place = new HopPlace(known.hop(), of);
            }
        }
        return place;
    }
}
