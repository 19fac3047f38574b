/**
 * The transports for HTTP/1.1 and HTTP/2, and for HTTP/3 on quiche ({@code Quiche...}), and sockets towards targets, on Netty.
 */
package dev.masque.netty;
