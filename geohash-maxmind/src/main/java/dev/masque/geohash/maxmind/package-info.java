/** Where an address is, from a MaxMind database. */
package dev.masque.geohash.maxmind;
