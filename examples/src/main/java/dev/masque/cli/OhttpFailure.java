package dev.masque.cli;

import dev.masque.ohttp.client.OhttpRequestException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.Optional;

/** Who is to blame when an oblivious request came to nothing, in words: relay, gateway or target. */
final class OhttpFailure {
    private static final int FIRST_ERROR = 400;

    private OhttpFailure() {}

    /** What is wrong with an answer, if anything is: a gateway that answers for a target says so in Proxy-Status. */
    static Optional<String> of(HttpResponse<?> response) {
        if (response.statusCode() < FIRST_ERROR) {
            return Optional.empty();
        }
        Optional<String> gateway = response.headers().allValues("proxy-status").stream()
                .filter(said -> said.startsWith("ohttp-gateway;"))
                .findFirst();
        return Optional.of(gateway.map(said -> "gateway: answered " + response.statusCode() + " itself (" + said + ")")
                .orElse("target: answered " + response.statusCode()));
    }

    /** The same failure, with a message that begins with who it was. */
    static IOException of(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OhttpRequestException known) {
                return new IOException(party(known) + ": " + known.getMessage() + because(known), failure);
            }
        }
        if (failure instanceof HttpTimeoutException) {
            return new IOException("relay, gateway or target: no answer in time", failure);
        }
        return failure;
    }

    private static String party(OhttpRequestException failure) {
        return switch (failure.party()) {
            case KEYS -> "keys of the gateway";
            case RELAY -> "relay";
            case GATEWAY -> "gateway";
            case RELAY_OR_GATEWAY -> "relay or gateway";
            case TARGET -> "target";
        };
    }

    private static String because(OhttpRequestException failure) {
        Throwable cause = failure.getCause();
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause == null) {
            return "";
        }
        String message = cause.getMessage();
        return " (" + (message == null ? cause.getClass().getSimpleName() : message.replace('\n', ' ')) + ")";
    }
}
