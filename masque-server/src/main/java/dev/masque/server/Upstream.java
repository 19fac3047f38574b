package dev.masque.server;

import dev.masque.core.Target;
import dev.masque.core.spi.Network;

/**
 * The proxy behind this one.
 *
 * @param proxy how it is called
 * @param tunnels through it
 */
record Upstream(Target proxy, Network tunnels) {}
