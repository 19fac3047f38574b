/** Structured fields of HTTP, RFC 9651. */
package dev.masque.core.fields;
