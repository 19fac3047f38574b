package dev.masque.server.event;

import java.time.Duration;

/**
 * A tunnel is over. Immutable.
 *
 * @param opened the event that opened it
 * @param toTarget bytes sent to the target: of the stream, or of UDP payloads
 * @param toClient bytes sent to the client, likewise
 * @param duration how long it stood
 * @param reason how it ended
 */
public record TunnelClosed(TunnelOpened opened, long toTarget, long toClient, Duration duration, CloseReason reason) {}
