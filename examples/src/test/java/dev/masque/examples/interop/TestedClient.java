package dev.masque.examples.interop;

/** A client of a proxy over HTTP/3, whoever wrote it, and what {@link Http3MatrixIT} asks of each. */
interface TestedClient extends AutoCloseable {
    /**
     * Opens a TCP tunnel, runs something while it stands, sends bytes and ends that direction; returns all that comes until the
     * other direction ends.
     */
    byte[] echo(String target, byte[] bytes, Runnable amid) throws Exception;

    /** Opens a UDP tunnel, sends numbered datagrams; returns how many different ones came back. */
    int datagrams(String target, int count, int size) throws Exception;

    /** Opens a TCP tunnel, sends a byte and has it back, gives the tunnel up, and then runs something. */
    void reset(String target, Runnable afterwards) throws Exception;

    /** Opens a TCP tunnel, sends a byte; whether the tunnel is then reset by the proxy. */
    boolean isReset(String target) throws Exception;

    @Override
    void close() throws Exception;
}
