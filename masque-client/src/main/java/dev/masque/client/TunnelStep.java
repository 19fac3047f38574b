package dev.masque.client;

/** How far a client got on its way to a target. */
public enum TunnelStep {
    /** The proxy's name is being resolved. */
    RESOLVE_PROXY,
    /** A connection to the proxy is being made. */
    CONNECT_PROXY,
    /** TLS with the proxy is being set up. */
    TLS,
    /** The proxy looks at the credentials. */
    AUTHENTICATE,
    /** The proxy looks at the request. */
    REQUEST,
    /** The proxy resolves and connects the target. */
    TARGET,
    /** The tunnel stands and is in use. */
    TUNNEL
}
