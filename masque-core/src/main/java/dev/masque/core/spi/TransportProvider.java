package dev.masque.core.spi;

import dev.masque.core.HttpVersion;
import java.util.Optional;
import java.util.Set;

/** Finds and makes a {@link Transport}; registered with {@link java.util.ServiceLoader}. Thread-safe. */
public interface TransportProvider {
    /**
     * The name in configuration and in {@code masque doctor}.
     *
     * @return lower case, such as {@code netty} or {@code kwik}
     */
    String name();

    /**
     * What it speaks.
     *
     * @return at least one version
     */
    Set<HttpVersion> versions();

    /**
     * Which provider to take where several speak a version: the one with the highest number.
     *
     * @return 0 for pure Java, more for faster ones
     */
    default int priority() {
        return 0;
    }

    /**
     * Why it cannot be used here, such as a native library that is not there.
     *
     * @return a sentence for an operator; empty if it can be used
     */
    default Optional<String> unavailable() {
        return Optional.empty();
    }

    /**
     * Whether its ports can ask clients for certificates.
     *
     * @return false if {@link Transport#listen} fails where {@link ListenOptions#clients()} are to be asked
     */
    default boolean asksForCertificates() {
        return true;
    }

    /**
     * Why it cannot know peers by raw public keys (RFC 7250), nor be known by one.
     *
     * @return a sentence for an operator; empty if it can. {@link Transport#listen} and {@link Transport#connect} fail with it
     *     otherwise where {@link ListenOptions#rawKeys()} or {@link ConnectOptions#rawKeys()} are given
     */
    default Optional<String> withoutRawKeys() {
        return Optional.of("no raw public keys on this transport");
    }

    /**
     * Makes a transport with threads of its own.
     *
     * @return a transport, to be closed by the caller
     */
    Transport create();
}
