/**
 * Oblivious HTTP (RFC 9458) and its chunked form (draft-ietf-ohai-chunked-ohttp): key configurations, and the encapsulation of
 * requests and responses on the client's and on the gateway's side.
 */
package dev.masque.ohttp;
