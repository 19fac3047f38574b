/** Tunnels that stand: bytes and datagrams between a client's stream and a target's socket. */
package dev.masque.server.relay;
