package dev.masque.kwik;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.NoSuchElementException;
import tech.kwik.core.QuicStream;
import tech.kwik.core.stream.ReceiveBuffer;

/**
 * What arrives on a stream, to the last byte. When its connection closes kwik fails the next read, whatever it has
 * acknowledged and holds: that is still read here. For one reading thread.
 */
final class LastBytes extends InputStream {
    private static final String STREAM = "tech.kwik.core.stream.StreamInputStreamImpl";
    private static final Field BUFFER = Kwik.field(STREAM, "receiveBuffer");
    private static final Field ABORTED = Kwik.field(STREAM, "aborted");

    private final InputStream in;

    LastBytes(QuicStream stream) {
        this.in = stream.getInputStream();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        try {
            return in.read(to, offset, length);
        } catch (NoSuchElementException | IndexOutOfBoundsException e) {
            throw new IOException("reset while it was read", e); // kwik empties the buffer under its reader
        } catch (IOException e) {
            if (!(boolean) Kwik.get(ABORTED, in)) {
                throw e;
            }
            int count = ((ReceiveBuffer) Kwik.get(BUFFER, in)).read(ByteBuffer.wrap(to, offset, length));
            if (count == 0 && length > 0) {
                throw e; // it had not arrived
            }
            return count;
        }
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }
}
