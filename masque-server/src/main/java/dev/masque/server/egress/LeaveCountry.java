package dev.masque.server.egress;

/** When a tunnel may leave from a default pool although its client named a country. */
public enum LeaveCountry {
    /** Never: a client that names a country without pools is refused. */
    NEVER,
    /** If no pool at all is registered to the country. Where pools are, but cannot be used now, the client is refused. */
    IF_NOT_SERVED,
    /** Also if no pool of the country can be used now. */
    IF_NOTHING_IS_USABLE
}
