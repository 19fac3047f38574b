package dev.masque.server.event;

import java.util.Optional;

/**
 * Something that the server works by was read again, because it has changed. Immutable.
 *
 * @param what {@code egress pools}, {@code attestation keys}, or what {@code MasqueServerBuilder.reload} was told
 * @param problem what is wrong with it, for the operator: what was there before stays; empty if it is in use now
 */
public record ConfigurationReloaded(String what, Optional<String> problem) {}
