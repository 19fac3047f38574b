/** The relay of Oblivious HTTP (RFC 9458): passes encapsulated messages on and keeps to itself who sent them. */
package dev.masque.ohttp.relay;
