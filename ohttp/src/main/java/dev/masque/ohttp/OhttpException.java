package dev.masque.ohttp;

import java.io.IOException;

/**
 * An Oblivious HTTP message or key configuration that is not acceptable. Its message holds no key and nothing of what was
 * encapsulated.
 */
public class OhttpException extends IOException {
    private static final long serialVersionUID = 1;

    /**
     * A message that is not acceptable.
     *
     * @param message what is wrong with it
     */
    public OhttpException(String message) {
        super(message);
    }
}
