package dev.masque.ohttp.client;

import dev.masque.ohttp.ChunkOpener;
import dev.masque.ohttp.ChunkSink;
import dev.masque.ohttp.ChunkedClientExchange;
import dev.masque.ohttp.ClientExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes an encapsulated response in pieces and gives what is in it. */
interface Opening {
    void decode(ByteBuffer in) throws IOException;

    void end() throws IOException;

    /** A response in chunks is given on chunk by chunk. */
    static Opening chunked(ChunkedClientExchange exchange, ChunkSink sink) {
        ChunkOpener opener = exchange.response(ChunkOpener.CHUNK * 4, sink);
        return new Opening() {
            @Override
            public void decode(ByteBuffer in) throws IOException {
                opener.decode(in);
            }

            @Override
            public void end() throws IOException {
                opener.end();
            }
        };
    }

    /** A response in one piece opens only when all of it is there. */
    static Opening whole(ClientExchange exchange, long limit, ChunkSink sink) {
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        return new Opening() {
            @Override
            public void decode(ByteBuffer in) throws IOException {
                if (in.remaining() > limit - sealed.size()) {
                    throw new OhttpRequestException(
                            OhttpRequestException.Party.TARGET, "the response is over the limit", null);
                }
                byte[] piece = new byte[in.remaining()];
                in.get(piece);
                sealed.writeBytes(piece);
            }

            @Override
            public void end() throws IOException {
                sink.chunk(exchange.open(ByteBuffer.wrap(sealed.toByteArray())));
            }
        };
    }
}
