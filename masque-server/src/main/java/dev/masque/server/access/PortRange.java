package dev.masque.server.access;

/** Ports from one to another, both included. Immutable. */
record PortRange(int first, int last) {
    static final PortRange ALL = new PortRange(1, 65535);

    PortRange {
        if (first < 1 || last > 65535 || first > last) {
            throw new IllegalArgumentException("ports are not in 1-65535");
        }
    }

    /** {@code *}, a port, or {@code first-last}. */
    static PortRange parse(String text) {
        if (text.equals("*")) {
            return ALL;
        }
        if (!text.matches("[0-9]{1,5}(-[0-9]{1,5})?")) {
            throw new IllegalArgumentException("ports are not PORT, PORT-PORT or *: " + text);
        }
        int dash = text.indexOf('-');
        int first = Integer.parseInt(dash < 0 ? text : text.substring(0, dash));
        return new PortRange(first, dash < 0 ? first : Integer.parseInt(text.substring(dash + 1)));
    }

    boolean contains(int port) {
        return port >= first && port <= last;
    }

    int size() {
        return last - first + 1;
    }

    @Override
    public String toString() {
        return equals(ALL) ? "*" : first == last ? Integer.toString(first) : first + "-" + last;
    }
}
