/** The {@code masque} command. */
@org.jspecify.annotations.NullMarked
package dev.masque.cli;
