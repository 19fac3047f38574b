package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.masque.core.MalformedException;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Whatever a peer calls a head, it is one that can go on over any version, or malformed. Replays the corpus in the build. */
class HeadsFuzzTest {
    private static final int LIMIT = 16 << 10;

    @FuzzTest
    void http1Request(byte[] data) {
        try {
            H1Head head = new H1HeadReader(LIMIT, true).read(Unpooled.wrappedBuffer(data));
            if (head != null) {
                H1Request request = H1Request.of(head);
                check(request.head());
                assertThat(request.length()).isGreaterThanOrEqualTo(H1Request.CHUNKED);
            }
        } catch (H1Exception e) {
            assertThat(e.status()).isIn(400, 414, 431, 501, 505);
        }
    }

    /** The same bytes, one at a time, are the same head. */
    @FuzzTest
    void http1RequestInPieces(byte[] data) {
        assertThat(inPieces(data)).isEqualTo(atOnce(data));
    }

    private static @Nullable Object atOnce(byte[] data) {
        try {
            return new H1HeadReader(LIMIT, true).read(Unpooled.wrappedBuffer(data));
        } catch (H1Exception e) {
            return e.status();
        }
    }

    private static @Nullable Object inPieces(byte[] data) {
        H1HeadReader reader = new H1HeadReader(LIMIT, true);
        ByteBuf in = Unpooled.buffer(data.length);
        try {
            for (byte b : data) {
                H1Head head = reader.read(in.writeByte(b));
                if (head != null) {
                    return head;
                }
            }
            return null;
        } catch (H1Exception e) {
            return e.status();
        }
    }

    @FuzzTest
    void http1Chunks(byte[] data) {
        H1Body body = H1Body.chunked(1024);
        ByteBuf in = Unpooled.wrappedBuffer(data);
        int content = 0;
        try {
            for (ByteBuf part = body.next(in); part != null; part = body.next(in)) {
                content += part.readableBytes();
            }
            assertThat(body.isDone() || !in.isReadable()).isTrue();
        } catch (MalformedException e) {
            assertThat(e).hasMessageNotContaining("\n");
        }
        assertThat(content).isLessThanOrEqualTo(data.length);
    }

    /** Lines of name and value, as HPACK may bring them: with any byte in them. */
    @FuzzTest
    void http2Fields(byte[] data) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        String[] parts = new String(data, StandardCharsets.ISO_8859_1).split("\t", -1);
        for (int i = 0; i + 1 < parts.length; i += 2) {
            headers.add(parts[i], parts[i + 1]);
        }
        heads(headers);
    }

    @FuzzTest
    void http2Block(byte[] data) {
        try {
            heads(new DefaultHttp2HeadersDecoder(true, LIMIT).decodeHeaders(1, Unpooled.wrappedBuffer(data)));
        } catch (Http2Exception e) {
            assertThat(e.error()).isNotNull();
        }
    }

    private static void heads(Http2Headers headers) {
        try {
            check(H2Heads.request(headers));
        } catch (MalformedException e) {
            assertThat(e).hasMessageNotContaining("\n");
        }
        try {
            ResponseHead head = H2Heads.response(headers);
            assertThat(head.status()).isBetween(100, 599);
            check(head.fields());
        } catch (MalformedException e) {
            assertThat(e).hasMessageNotContaining("\n");
        }
    }

    private static void check(RequestHead head) {
        assertThat(head.method()).matches("[!-~]+");
        check(head.scheme());
        check(head.authority());
        check(head.path());
        check(head.protocol());
        check(head.fields());
    }

    private static void check(@Nullable String part) {
        if (part != null) {
            assertThat(part).matches("[!-~]+");
        }
    }

    private static void check(HeaderFields fields) {
        for (HeaderFields.Field field : fields) {
            assertThat(field.name()).matches("[!-~&&[^A-Z:]]+");
            assertThat(field.value().chars()).noneMatch(c -> c < ' ' && c != '\t' || c == 0x7f);
        }
    }
}
