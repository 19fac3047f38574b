/** Programs that others wrote, beside the tests. */
@org.jspecify.annotations.NullMarked
package dev.masque.ohttp.interop;
