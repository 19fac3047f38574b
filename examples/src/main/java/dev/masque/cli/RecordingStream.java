package dev.masque.cli;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResetReason;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A request at a proxy, with everything that the proxy sees of it recorded: its head, and all bytes and datagrams both ways. */
final class RecordingStream implements HttpStream {
    private final HttpStream stream;
    private final Evidence evidence;
    private final String name;

    RecordingStream(HttpStream stream, Evidence evidence, String name) {
        this.stream = stream;
        this.evidence = evidence;
        this.name = name;
        evidence.add(name + " request", head(stream.request()));
    }

    private static String head(RequestHead head) {
        return head.method() + " " + head.authority() + " " + head.path() + " " + head.protocol()
                + fields(head.fields());
    }

    private static String fields(HeaderFields fields) {
        StringBuilder text = new StringBuilder();
        for (HeaderFields.Field field : fields) {
            text.append('\n').append(field.name()).append(": ").append(field.value());
        }
        return text.toString();
    }

    /** The handler with what arrives recorded. */
    StreamHandler recording(StreamHandler handler) {
        return new Arrivals(handler);
    }

    @Override
    public RequestHead request() {
        return stream.request();
    }

    @Override
    public HttpSession session() {
        return stream.session();
    }

    @Override
    public void respond(ResponseHead head) {
        evidence.add(name + " response", head.status() + fields(head.fields()));
        stream.respond(head);
    }

    @Override
    public boolean sendDatagram(ByteBuffer payload) {
        evidence.add(name + " datagrams to the client", payload);
        return stream.sendDatagram(payload);
    }

    @Override
    public int maxDatagramSize() {
        return stream.maxDatagramSize();
    }

    @Override
    public boolean write(ByteBuffer data) {
        evidence.add(name + " bytes to the client", data);
        return stream.write(data);
    }

    @Override
    public void flush() {
        stream.flush();
    }

    @Override
    public void end() {
        stream.end();
    }

    @Override
    public void reset(ResetReason reason) {
        stream.reset(reason);
    }

    @Override
    public boolean isWritable() {
        return stream.isWritable();
    }

    @Override
    public void pause() {
        stream.pause();
    }

    @Override
    public void resume() {
        stream.resume();
    }

    @Override
    public Executor executor() {
        return stream.executor();
    }

    private final class Arrivals implements StreamHandler {
        private final StreamHandler handler;

        Arrivals(StreamHandler handler) {
            this.handler = handler;
        }

        @Override
        public void data(ByteBuffer data) {
            evidence.add(name + " bytes from the client", data);
            handler.data(data);
        }

        @Override
        public void dataComplete() {
            handler.dataComplete();
        }

        @Override
        public void datagram(ByteBuffer payload) {
            evidence.add(name + " datagrams from the client", payload);
            handler.datagram(payload);
        }

        @Override
        public void end() {
            handler.end();
        }

        @Override
        public void writable() {
            handler.writable();
        }

        @Override
        public void closed(@Nullable StreamFailure failure) {
            handler.closed(failure);
        }
    }
}
