package dev.masque.server;

import dev.masque.core.Target;
import dev.masque.core.spi.RequestHead;
import dev.masque.server.event.TunnelKind;

/**
 * A request for a tunnel that says all it has to. Immutable.
 *
 * @param head the request
 * @param kind what the tunnel is to carry
 * @param target where to
 */
record TunnelRequest(RequestHead head, TunnelKind kind, Target target) {}
