/** Threads that the endpoints share the making of. Not for others. */
package dev.masque.core.thread;
