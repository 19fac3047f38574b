/** Who may use a proxy: the seam for authenticators, and pre-shared keys. */
package dev.masque.server.auth;
