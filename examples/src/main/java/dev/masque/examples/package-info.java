/** One small main for each page of the documentation. */
@org.jspecify.annotations.NullMarked
package dev.masque.examples;
