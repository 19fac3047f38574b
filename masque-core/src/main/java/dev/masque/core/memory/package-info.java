/**
 * The SPI in memory, for tests without ports and certificates: {@link dev.masque.core.memory.MemoryTransportProvider} connects
 * clients with servers of the same process, {@link dev.masque.core.memory.MemoryNetwork} servers with targets. Never found by
 * {@link java.util.ServiceLoader}, always given explicitly.
 */
package dev.masque.core.memory;
