/**
 * What a transport does for the endpoints: sessions, streams, sockets. For implementers of transports, not for applications.
 */
package dev.masque.core.spi;
