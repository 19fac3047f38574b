/** Our proxy and our client against programs that others wrote. */
@org.jspecify.annotations.NullMarked
package dev.masque.examples.interop;
