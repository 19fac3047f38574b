/** Benchmarks of the proxy beside its peers: everything is started, measured in one run, and put into a table. */
@org.jspecify.annotations.NullMarked
package dev.masque.bench;
