/** The gateway of Oblivious HTTP (RFC 9458): its keys, and the handlers that serve them and take encapsulated requests. */
package dev.masque.ohttp.gateway;
