package dev.masque.client.event;

/** What a tunnel carries. */
public enum TunnelKind {
    /** Bytes, by CONNECT. */
    TCP,
    /** Datagrams, by CONNECT-UDP. */
    UDP
}
