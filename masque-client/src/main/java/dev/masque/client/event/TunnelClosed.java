package dev.masque.client.event;

import java.time.Duration;

/**
 * A tunnel is over. Immutable.
 *
 * @param opened the event that opened it
 * @param sent bytes sent into it: of the stream, or of UDP payloads
 * @param received bytes that came out of it, likewise
 * @param duration how long it stood
 * @param reason how it ended
 */
public record TunnelClosed(TunnelOpened opened, long sent, long received, Duration duration, CloseReason reason) {}
