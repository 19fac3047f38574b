/** Ordinary requests: handlers written for the JDK's own web server, on the streams of any transport. */
package dev.masque.server.site;
