package dev.masque.ohttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.masque.ohttp.hpke.Aead;
import dev.masque.ohttp.hpke.AeadSequence;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** What a sender could do wrong, or an attacker on the way. The sender here is one that writes whatever is asked of it. */
class ChunkedRefusalsTest {
    private static final byte[] KEY = new byte[16];
    private static final byte[] NONCE = new byte[12];

    private final AeadSequence sender = new AeadSequence(Aead.AES_128_GCM, KEY, NONCE);
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    @Test
    void aMessageInOneEmptyFinalChunkIsEmpty() throws Exception {
        put("00");
        chunk(0, true);

        open();

        assertThat(received.size()).isZero();
    }

    @Test
    void lengthsMayBeWrittenLongerThanNeeded() throws Exception {
        put("4011");
        chunk(1, false);
        put("80000011");
        chunk(1, false);
        put("c000000000000011");
        chunk(1, false);
        put("4000");
        chunk(2, true);

        open();

        assertThat(received.size()).isEqualTo(5);
    }

    @Test
    void anEmptyChunkThatIsNotFinalIsAnError() {
        put("10");
        chunk(0, false);

        assertRefused(OhttpException.Kind.UNDECRYPTABLE);
    }

    @Test
    void aChunkShorterThanItsTagIsAnError() {
        put("0fffffff");

        assertRefused(OhttpException.Kind.UNDECRYPTABLE);
    }

    @Test
    void anEndWithoutAFinalChunkIsTruncation() {
        put("11");
        chunk(1, false);

        assertRefused(OhttpException.Kind.TRUNCATED);
    }

    @Test
    void aFinalChunkThatWasNotSealedAsOneIsAnError() {
        put("00");
        chunk(1, false);

        assertRefused(OhttpException.Kind.UNDECRYPTABLE);
    }

    @Test
    void aChunkSealedAsFinalIsNoOther() {
        put("11");
        chunk(1, true);

        assertRefused(OhttpException.Kind.UNDECRYPTABLE);
    }

    @Test
    void aChunkAfterTheFinalOneIsAnError() {
        put("00");
        chunk(1, true);
        put("11");
        chunk(1, false);

        assertRefused(OhttpException.Kind.UNDECRYPTABLE);
    }

    @Test
    void chunksOutOfOrderAreAnError() {
        byte[] first = new byte[17];
        sender.seal(ChunkOpener.NOT_FINAL, new byte[1], 0, 1, first, 0);
        put("11");
        chunk(1, false);
        put("11");
        message.writeBytes(first);

        assertRefused(OhttpException.Kind.UNDECRYPTABLE);
    }

    @Test
    void sixteenKibibytesAreTakenAndOneMoreIsNot() throws Exception {
        put("80004010");
        chunk(16384, false);
        put("00");
        chunk(16384, true);
        open();
        assertThat(received.size()).isEqualTo(2 * 16384);

        message.reset();
        put("80004011");
        assertRefused(OhttpException.Kind.TOO_LARGE);
    }

    @Test
    void aFinalChunkThatNeverEndsIsTooLarge() {
        put("00");
        message.writeBytes(new byte[16384 + 17]);

        assertRefused(OhttpException.Kind.TOO_LARGE);
    }

    @Test
    void aGiantLengthIsRefusedBeforeAnythingOfIt() {
        put("ffffffffffffffff");

        assertRefused(OhttpException.Kind.TOO_LARGE);
    }

    @Test
    void whatASinkThrowsComesThrough() {
        put("11");
        chunk(1, false);
        ChunkOpener opener = opener(c -> {
            throw new IOException("not today");
        });

        assertThatThrownBy(() -> opener.decode(ByteBuffer.wrap(message.toByteArray())))
                .isInstanceOf(IOException.class)
                .hasMessage("not today");
    }

    private void open() throws IOException {
        ChunkOpener opener = opener(c -> received.writeBytes(Encapsulation.bytes(c)));
        opener.decode(ByteBuffer.wrap(message.toByteArray()));
        opener.end();
    }

    private static ChunkOpener opener(ChunkSink sink) {
        return new ChunkOpener(
                new ChunkOpener.Preamble() {
                    @Override
                    public int length() {
                        return 1;
                    }

                    @Override
                    public AeadSequence cipher(ByteBuffer bytes) {
                        return new AeadSequence(Aead.AES_128_GCM, KEY, NONCE);
                    }
                },
                ChunkOpener.CHUNK,
                sink);
    }

    private void assertRefused(OhttpException.Kind kind) {
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        OhttpException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private void put(String hex) {
        if (message.size() == 0) {
            message.write(0); // the preamble
        }
        message.writeBytes(HexFormat.of().parseHex(hex));
    }

    private void chunk(int length, boolean last) {
        byte[] sealed = new byte[length + Aead.TAG_LENGTH];
        sender.seal(last ? ChunkOpener.FINAL : ChunkOpener.NOT_FINAL, new byte[length], 0, length, sealed, 0);
        message.writeBytes(sealed);
    }
}
