/** A memory of spent tokens in Redis, for origins that take the same tokens. */
package dev.masque.privacypass.redis;
