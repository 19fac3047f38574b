package dev.masque.bench;

import java.io.IOException;

/** A program of others is not installed. */
final class MissingProgramException extends IOException {
    private static final long serialVersionUID = 1;

    MissingProgramException(String message) {
        super(message);
    }
}
