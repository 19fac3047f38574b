package dev.masque.client.event;

/**
 * A session to the proxy is over. Immutable.
 *
 * @param opened the event that opened it
 * @param lost whether it broke, rather than being closed as it should
 */
public record SessionClosed(SessionOpened opened, boolean lost) {}
