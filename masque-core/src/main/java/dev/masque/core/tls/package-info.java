/** Who one is in TLS, and whom one trusts. */
package dev.masque.core.tls;
