package dev.masque.kwik;

import dev.masque.core.spi.HttpStream;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/** Sends pseudo-random bytes as fast as the stream takes them, and checks what comes back. */
final class Bulk extends RecordingStream {
    private final long total;
    private final byte[] block = new byte[64 << 10];
    private final CRC32C sent = new CRC32C();
    private final CRC32C received = new CRC32C();
    private long sentBytes;
    private long receivedBytes;
    private final HttpStream stream;

    Bulk(HttpStream stream, long total, long seed) {
        this.stream = stream;
        this.total = total;
        new SplittableRandom(seed).nextBytes(block);
    }

    void start() {
        stream.resume();
        stream.executor().execute(this::send);
    }

    private void send() {
        while (sentBytes < total) {
            int length = (int) Math.min(total - sentBytes, block.length - (sentBytes % 977));
            sent.update(block, 0, length);
            sentBytes += length;
            boolean more = stream.write(ByteBuffer.wrap(block, 0, length));
            if (!more && sentBytes < total) {
                stream.flush();
                return;
            }
        }
        if (sentBytes == total) {
            sentBytes++;
            stream.end();
        }
    }

    @Override
    public void writable() {
        send();
    }

    @Override
    public synchronized void data(ByteBuffer bytes) {
        receivedBytes += bytes.remaining();
        received.update(bytes);
    }

    synchronized long receivedBytes() {
        return receivedBytes;
    }

    synchronized boolean isWhole() {
        return receivedBytes == total && sent.getValue() == received.getValue();
    }
}
