package dev.masque.server.event;

import dev.masque.core.HttpVersion;

/**
 * A tunnel stands. Immutable.
 *
 * @param connection the number of the client's connection
 * @param version the version of HTTP between client and proxy
 * @param kind what it carries
 * @param method how the client was authenticated
 * @param principal the name that configuration gives the client; empty if it has none
 * @param ipv6 whether the target is reached over IPv6
 */
public record TunnelOpened(
        long connection, HttpVersion version, TunnelKind kind, String method, String principal, boolean ipv6) {}
