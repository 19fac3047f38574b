package dev.masque.core.wire;

import java.nio.ByteBuffer;

/**
 * Reads a peer's encoder or decoder stream, RFC 9204, sections 4.3 and 4.4, where both sides use a dynamic table of capacity
 * 0: nearly everything is then an error. For one stream and one thread at a time.
 */
public final class QpackInstructions {
    private static final int MAX_INSTRUCTION = 11;

    private final boolean encoderStream;
    private final ByteBuffer pending = ByteBuffer.allocate(MAX_INSTRUCTION);

    private QpackInstructions(boolean encoderStream) {
        this.encoderStream = encoderStream;
    }

    /**
     * Reads the peer's encoder stream.
     *
     * @return a reader at its start
     */
    public static QpackInstructions ofEncoderStream() {
        return new QpackInstructions(true);
    }

    /**
     * Reads the peer's decoder stream.
     *
     * @return a reader at its start
     */
    public static QpackInstructions ofDecoderStream() {
        return new QpackInstructions(false);
    }

    /**
     * Takes the next bytes of the stream.
     *
     * @param in all of it is used up
     * @throws QpackException if an instruction is not legal at capacity 0
     */
    public void decode(ByteBuffer in) throws QpackException {
        while (in.hasRemaining()) {
            pending.put(in.get()).flip();
            boolean complete = encoderStream ? encoderInstruction() : decoderInstruction();
            if (complete) {
                pending.clear();
            } else {
                pending.position(pending.limit()).limit(MAX_INSTRUCTION);
            }
        }
    }

    private boolean encoderInstruction() throws QpackException {
        QpackException.Code code = QpackException.Code.ENCODER_STREAM;
        if ((pending.get(0) & 0xe0) != 0x20) { // not Set Dynamic Table Capacity, 4.3.1
            throw new QpackException(code, "insertion into a dynamic table of capacity 0");
        }
        long capacity = QpackPrimitives.readInteger(pending, 5, code);
        if (capacity > 0) {
            throw new QpackException(code, "dynamic table capacity above the limit");
        }
        return capacity == 0;
    }

    private boolean decoderInstruction() throws QpackException {
        QpackException.Code code = QpackException.Code.DECODER_STREAM;
        if ((pending.get(0) & 0xc0) != 0x40) { // not Stream Cancellation, 4.4.2
            throw new QpackException(code, "acknowledgement of what was never inserted");
        }
        long id = 0;
        if ((pending.get(0) & 0x3f) == 0x3f) { // stream ids go to 2^62: only their end matters
            id = pending.limit() > 1 && pending.get(pending.limit() - 1) >= 0 ? 0 : -1;
            if (id < 0 && pending.limit() == MAX_INSTRUCTION) {
                throw new QpackException(code, "integer is too large");
            }
        }
        return id == 0;
    }
}
