package dev.masque.ohttp.gateway;

/**
 * Is told what a gateway does, in the thread of the exchange; must not block. What it throws is logged and otherwise without
 * effect.
 */
@FunctionalInterface
public interface GatewayListener {
    /**
     * An exchange is over.
     *
     * @param event what there is to know
     */
    void exchanged(GatewayEvent event);

    /**
     * Requests are refused because there are more than the gateway can remember, see {@link OhttpGatewayBuilder#replayCapacity}. Told
     * at most once in a quarter of the replay window.
     *
     * @param endpoint what the gateway is called
     */
    default void replayMemoryFull(String endpoint) {}
}
