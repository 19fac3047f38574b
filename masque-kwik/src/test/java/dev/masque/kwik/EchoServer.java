package dev.masque.kwik;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.StreamHandler;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Answers 200 to everything and sends back what comes, bytes and datagrams, with back-pressure. */
class EchoServer implements SessionHandler {
    final BlockingQueue<HttpStream> requests = new LinkedBlockingQueue<>();
    final BlockingQueue<StreamFailure> failures = new LinkedBlockingQueue<>();

    HttpStream request() throws InterruptedException {
        HttpStream stream = requests.poll(10, TimeUnit.SECONDS);
        if (stream == null) {
            throw new AssertionError("no request");
        }
        return stream;
    }

    @Override
    public StreamHandler request(HttpStream stream) {
        requests.add(stream);
        stream.respond(new ResponseHead(200, HeaderFields.of("server-timing", "proxy;dur=1")));
        stream.resume();
        return new StreamHandler() {
            @Override
            public void data(ByteBuffer data) {
                if (!stream.write(data)) {
                    stream.pause();
                }
            }

            @Override
            public void dataComplete() {
                stream.flush();
            }

            @Override
            public void writable() {
                stream.resume();
            }

            @Override
            public void datagram(ByteBuffer payload) {
                stream.sendDatagram(payload);
            }

            @Override
            public void end() {
                stream.end();
            }

            @Override
            public void closed(@Nullable StreamFailure failure) {
                if (failure != null) {
                    failures.add(failure);
                }
            }
        };
    }
}
