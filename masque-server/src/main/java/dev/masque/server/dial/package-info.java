/** Reaching a target that may have several addresses. */
package dev.masque.server.dial;
