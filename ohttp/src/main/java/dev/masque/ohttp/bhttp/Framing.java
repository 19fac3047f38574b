package dev.masque.ohttp.bhttp;

/** How the parts of a message are delimited, RFC 9292, section 3. */
public enum Framing {
    /** A length before every part, section 3.1. */
    KNOWN_LENGTH,
    /** As {@link #KNOWN_LENGTH}, with empty parts at the end left out, section 3.8. */
    SHORTEST,
    /** A terminator after every part, section 3.2. */
    INDETERMINATE_LENGTH
}
