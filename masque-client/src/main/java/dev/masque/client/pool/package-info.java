/** Sessions to the proxy: finding its addresses, racing versions and addresses, keeping what stands. */
package dev.masque.client.pool;
