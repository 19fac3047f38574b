/**
 * What a server tells of itself: immutable records, without the client's address, the target's name, or a credential. The
 * types have no room for them.
 */
package dev.masque.server.event;
