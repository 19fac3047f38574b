/**
 * The SPI in memory: {@link dev.masque.core.memory.MemoryTransportProvider} connects clients with servers of the same process.
 * For tests without ports and certificates; never found by {@link java.util.ServiceLoader}, always given explicitly.
 */
package dev.masque.core.memory;
