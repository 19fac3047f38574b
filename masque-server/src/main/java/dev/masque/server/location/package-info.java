/** Where clients are, as far as a proxy says or believes it: hints, and the attestation of a first hop. */
package dev.masque.server.location;
