package dev.masque.server.egress;

import java.io.IOException;

/** A geofeed holds a line that cannot be used. */
public final class GeofeedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What {@link #line()} gives. */
    private final int line;

    GeofeedException(int line, String problem) {
        super("line " + line + ": " + problem);
        this.line = line;
    }

    /**
     * Which line.
     *
     * @return 1 for the first
     */
    public int line() {
        return line;
    }
}
