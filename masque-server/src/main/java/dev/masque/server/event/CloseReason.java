package dev.masque.server.event;

/** How a tunnel ended. */
public enum CloseReason {
    /** Both sides ended it as they should. */
    COMPLETED,
    /** The client reset its stream. */
    CLIENT_RESET,
    /** The client's connection was lost. */
    CLIENT_LOST,
    /** The target reset the connection, or became unreachable. */
    TARGET_FAILED,
    /** Nothing moved for too long. */
    IDLE,
    /** The client broke the protocol. */
    PROTOCOL_VIOLATION,
    /** The server shut down. */
    SHUTDOWN,
    /** A failure in the proxy itself. */
    INTERNAL
}
