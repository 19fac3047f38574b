/** What a client reports: immutable events without a target, an address or a credential. */
package dev.masque.client.event;
