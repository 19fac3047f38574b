package dev.masque.ohttp.gateway;

import dev.masque.ohttp.GatewayKey;
import java.time.Instant;

/**
 * A key and when it came.
 *
 * @param key the key
 * @param generation keys of one generation are published together
 * @param created when
 */
record KeptKey(GatewayKey key, long generation, Instant created) {}
