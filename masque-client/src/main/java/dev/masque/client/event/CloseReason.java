package dev.masque.client.event;

/** How a tunnel ended. */
public enum CloseReason {
    /** Both sides ended it as they should. */
    COMPLETED,
    /** This side reset it. */
    LOCAL_RESET,
    /** The proxy reset it, or the target's connection behind it was reset. */
    REMOTE_RESET,
    /** The session to the proxy was lost. */
    SESSION_LOST
}
