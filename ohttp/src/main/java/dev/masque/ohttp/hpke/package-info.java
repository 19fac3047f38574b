/**
 * Hybrid public key encryption (RFC 9180), base mode, as far as Oblivious HTTP needs it. Not exported: these types take and
 * give arrays, which callers in this module own.
 */
package dev.masque.ohttp.hpke;
