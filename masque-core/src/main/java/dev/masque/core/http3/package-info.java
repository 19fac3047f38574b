/**
 * HTTP/3 without I/O, RFC 9114: what the transports on QUIC share. A message is read by {@link dev.masque.core.http3.MessageReader}, what is not
 * a request by {@link dev.masque.core.http3.UniStreamReader}; QUIC itself is the transport's. Not for others.
 */
package dev.masque.core.http3;
