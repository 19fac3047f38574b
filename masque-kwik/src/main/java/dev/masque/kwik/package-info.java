/** The transport for HTTP/3 on kwik. */
@org.jspecify.annotations.NullMarked
package dev.masque.kwik;
