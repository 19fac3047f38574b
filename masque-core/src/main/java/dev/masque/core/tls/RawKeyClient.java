package dev.masque.core.tls;

import org.jspecify.annotations.Nullable;

/**
 * That a client knows its proxy by a raw public key (RFC 7250), and by which it is known. Immutable.
 *
 * @param proxy which keys are taken for the proxy's; a certificate is not
 * @param identity what to show to a proxy that asks for a raw public key, or null
 */
public record RawKeyClient(RawKeyPins proxy, @Nullable RawKey identity) {}
