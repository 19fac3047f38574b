/** Threads, and what comes from them, as endpoints and transports share them. Not for others. */
package dev.masque.core.thread;
