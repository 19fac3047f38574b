/**
 * Geohashes and what a proxy does with them: cells, the {@code sec-ch-geohash} hint, the nearest registered place, and
 * an attestation that keeps clients from making the hint up. Depends on nothing.
 */
package dev.masque.geohash;
