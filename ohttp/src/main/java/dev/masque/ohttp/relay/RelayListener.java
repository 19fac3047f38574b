package dev.masque.ohttp.relay;

/**
 * Is told what a relay does, in the thread of the exchange; must not block. What it throws is logged and otherwise without effect.
 */
@FunctionalInterface
public interface RelayListener {
    /**
     * An exchange is over.
     *
     * @param event what there is to know
     */
    void exchanged(RelayEvent event);
}
