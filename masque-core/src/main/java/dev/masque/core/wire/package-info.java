/** Codecs without I/O: variable-length integers, capsules, HTTP Datagrams, QPACK. For implementers of transports. */
package dev.masque.core.wire;
