package dev.masque.ohttp.bhttp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

/** Whatever comes, a decoder gives a message that it can write again, or its own exception. Replays the corpus in the build. */
class BinaryHttpFuzzTest {
    private static final BinaryHttpLimits LIMITS = new BinaryHttpLimits(1000, 2000, 20, 4, 5000);

    @FuzzTest
    void requests(byte[] data) throws Exception {
        BinaryRequest request;
        try {
            request = BinaryRequest.decode(ByteBuffer.wrap(data), LIMITS);
        } catch (BinaryHttpException e) {
            assertThat(e).hasMessageMatching("[a-zA-Z0-9 ,-]+");
            return;
        }
        RequestHead head = request.head().withFields(request.head().fields().withoutConnectionFields());
        BinaryRequest kept =
                new BinaryRequest(head, request.content(), request.trailers().withoutConnectionFields());
        for (Framing framing : Framing.values()) {
            assertThat(BinaryRequest.decode(request.encode(framing), BinaryHttpLimits.DEFAULT))
                    .isEqualTo(kept);
        }
    }

    @FuzzTest
    void responses(byte[] data) {
        try {
            BinaryResponse response = BinaryResponse.decode(ByteBuffer.wrap(data), LIMITS);
            assertThat(response.informational()).hasSizeLessThanOrEqualTo(4);
            assertThat(response.content().remaining()).isLessThanOrEqualTo(5000);
        } catch (BinaryHttpException e) {
            assertThat(e).hasMessageMatching("[a-zA-Z0-9 ,-]+");
        }
    }

    /** One byte at a time gives what the whole gives. */
    @FuzzTest
    void cuts(byte[] data) {
        Heard<ResponseHead> whole = new Heard<>();
        Heard<ResponseHead> bytes = new Heard<>();
        assertThat(decode(whole, data, data.length)).isEqualTo(decode(bytes, data, 1));
        assertThat(bytes.parts).isEqualTo(whole.parts);
    }

    private static String decode(Heard<ResponseHead> heard, byte[] data, int size) {
        BinaryDecoder decoder = BinaryDecoder.ofResponse(heard, LIMITS);
        try {
            for (int i = 0; i < data.length; i += size) {
                decoder.decode(ByteBuffer.wrap(data, i, Math.min(size, data.length - i)));
            }
            decoder.end();
            return "";
        } catch (BinaryHttpException e) {
            return e.kind() + String.valueOf(e.getMessage());
        }
    }
}
