package dev.masque.core.contract;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One end of a request and what its handler was told. */
record Side(HttpStream stream, Recorder events) {
    void respond(int status, String... fields) {
        stream.respond(new ResponseHead(status, HeaderFields.of(fields)));
    }

    boolean send(byte[] data) {
        boolean more = stream.write(ByteBuffer.wrap(data));
        stream.flush();
        return more;
    }

    void send(String text) {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    boolean sendDatagram(byte[] payload) {
        boolean taken = stream.sendDatagram(ByteBuffer.wrap(payload));
        stream.flush();
        return taken;
    }

    /** Waits until the bytes of a text are there, which are all. */
    String awaitText(int length) {
        return new String(events.awaitBytes(length), StandardCharsets.UTF_8);
    }

    /** Runs a task on the stream's thread and waits for it. */
    void onExecutor(Runnable task) {
        CountDownLatch done = new CountDownLatch(1);
        stream.executor().execute(() -> {
            try {
                task.run();
            } finally {
                done.countDown();
            }
        });
        try {
            if (!done.await(Recorder.PATIENCE_NANOS, TimeUnit.NANOSECONDS)) {
                throw new AssertionError("the executor does not run its tasks");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
