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
}
