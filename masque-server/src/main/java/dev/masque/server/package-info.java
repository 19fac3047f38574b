/** The embeddable MASQUE proxy. */
package dev.masque.server;
