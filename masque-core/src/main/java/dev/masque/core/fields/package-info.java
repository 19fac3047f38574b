/** Structured fields of HTTP, RFC 9651, and those of MASQUE proxying that are such. */
package dev.masque.core.fields;
