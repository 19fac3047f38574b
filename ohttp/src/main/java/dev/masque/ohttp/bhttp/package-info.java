/** Binary HTTP, RFC 9292: whole messages, and a decoder and an encoder for messages that pass by in pieces. */
package dev.masque.ohttp.bhttp;
