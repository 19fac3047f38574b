package dev.masque.server.access;

/** What an {@link AccessPolicy} says of a target. */
public enum AccessDecision {
    /** The target may be reached. */
    ALLOWED,
    /** A rule denies the name or the port. */
    TARGET_DENIED,
    /** The address is not public, or a rule denies it. */
    ADDRESS_DENIED
}
