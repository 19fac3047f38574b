/** The transport for HTTP/1.1 and HTTP/2, and sockets towards targets, on Netty. */
package dev.masque.netty;
