/** Codecs and cryptography alone, measured by JMH. */
@org.jspecify.annotations.NullMarked
package dev.masque.bench.micro;
