package dev.masque.server.site;

import dev.masque.core.spi.ByteStream;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.StreamHandler;

/** What a server does around the answer to one ordinary request. */
public interface Answers {
    /**
     * What every response carries.
     *
     * @return fields to put before those of the handler
     */
    HeaderFields fields();

    /**
     * The response head was sent.
     *
     * @param status its status
     */
    void answered(int status);

    /**
     * What takes the rest of a request that has its answer.
     *
     * @param stream the stream
     * @return a handler that drops it
     */
    StreamHandler leftover(ByteStream stream);
}
