package dev.masque.ohttp.gateway;

import dev.masque.ohttp.bhttp.RequestHead;
import dev.masque.ohttp.bhttp.ResponseHead;
import dev.masque.ohttp.exchange.StatusException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;

/** What answers uncovered requests. Thread-safe. */
interface Target extends AutoCloseable {
    /**
     * Calls the target.
     *
     * @param request what is asked
     * @param limit how long the start of the answer may take
     * @return the answer, to be closed; its content is yet to be read
     * @throws StatusException what to answer in the target's place
     * @throws IOException if there is no answer
     */
    Answer call(Request request, Duration limit) throws IOException;

    @Override
    void close();

    /**
     * A request.
     *
     * @param head what is asked
     * @param uri the same as a URI
     * @param body the content, read by a thread of the target's
     * @param length of the content, or -1 if that is not known
     */
    record Request(RequestHead head, URI uri, InputStream body, long length) {}

    /**
     * An answer.
     *
     * @param head status and fields
     * @param body the content; closing it gives it up, from whatever thread
     */
    record Answer(ResponseHead head, InputStream body) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            body.close();
        }
    }
}
