package dev.masque.ohttp.client;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A request that came to nothing on its way, and who is to blame. What gateway or target answer under encapsulation, errors too,
 * is a response like any other and not this. The message holds nothing of the request and no address.
 */
public final class OhttpRequestException extends IOException {
    private static final long serialVersionUID = 1;

    /** Where it went wrong. */
    public enum Party {
        /** The key configurations: not to be had, malformed, unusable, or not the same on two paths. */
        KEYS,
        /** The relay: not reached, or its answer is not one of Oblivious HTTP. */
        RELAY,
        /** The gateway: it refused the key, or what it encapsulated is no message. */
        GATEWAY,
        /** One of the two: an error before encapsulation, a cut or modified answer. Only they know which. */
        RELAY_OR_GATEWAY,
        /** The target: its response is over the limits of this client. */
        TARGET
    }

    /** Where it went wrong. */
    private final Party party;

    /** Of the answer; 0 without one. */
    private final int status;

    /** What the answer names. */
    private final @Nullable String problem;

    OhttpRequestException(Party party, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.party = party;
        status = 0;
        problem = null;
    }

    OhttpRequestException(Party party, String message, int status, @Nullable String problem) {
        super(message);
        this.party = party;
        this.status = status;
        this.problem = problem;
    }

    /**
     * Where it went wrong.
     *
     * @return the party, as far as an answer tells
     */
    public Party party() {
        return party;
    }

    /**
     * The status of the answer, which was not encapsulated.
     *
     * @return empty without an answer
     */
    public OptionalInt status() {
        return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
    }

    /**
     * The problem type (RFC 9457) that the answer names. Neither encrypted nor authenticated.
     *
     * @return a URI; empty if there is none
     */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }
}
