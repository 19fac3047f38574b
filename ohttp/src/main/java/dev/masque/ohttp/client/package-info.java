/** The client of Oblivious HTTP, RFC 9458: requests that the relay cannot read and whose sender the gateway cannot know. */
package dev.masque.ohttp.client;
