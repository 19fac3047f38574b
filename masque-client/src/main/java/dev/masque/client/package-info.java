/** The embeddable MASQUE client. */
package dev.masque.client;
