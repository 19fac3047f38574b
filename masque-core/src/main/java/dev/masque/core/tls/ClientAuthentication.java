package dev.masque.core.tls;

/**
 * That a server asks its clients for a certificate (RFC 8446, 4.3.2). Immutable.
 *
 * @param trust decides on the client's chain; a chain that it refuses ends the handshake
 * @param required whether a client without a certificate is turned away in the handshake; else it is a client without one
 */
public record ClientAuthentication(PeerTrust trust, boolean required) {}
