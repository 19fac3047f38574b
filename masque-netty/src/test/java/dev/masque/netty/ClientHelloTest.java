package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

class ClientHelloTest {
    private static final int RECORD_AND_MESSAGE_HEADER = 5 + 4;

    /** What the JDK sends. */
    private static ByteBuf hello(String... protocols) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine("proxy.example", 443);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        return Unpooled.wrappedBuffer(out.flip()).skipBytes(RECORD_AND_MESSAGE_HEADER);
    }

    @Test
    void whatAClientOffersIsFound() throws Exception {
        assertThat(ClientHello.offers(hello("h2", "http/1.1"), "h2")).isTrue();
        assertThat(ClientHello.offers(hello("http/1.1", "h2"), "h2")).isTrue();
        assertThat(ClientHello.offers(hello("http/1.1"), "h2")).isFalse();
        assertThat(ClientHello.offers(hello("h2c"), "h2")).isFalse();
        assertThat(ClientHello.offers(hello(), "h2")).isFalse();
    }

    @Test
    void aMessageThatIsCutShortOrMangledOffersNothingOrWhatItHas() throws Exception {
        ByteBuf whole = hello("http/1.1", "h2");
        int least = whole.readableBytes();
        for (int length = 0; length < whole.readableBytes(); length++) {
            ByteBuf cut = whole.slice(whole.readerIndex(), length);
            if (ClientHello.offers(cut, "h2")) { // extensions after ALPN may be missing
                least = Math.min(least, length);
            } else {
                assertThat(length).isLessThan(least);
            }
            assertThat(cut.readableBytes()).isEqualTo(length);
        }
        assertThat(least).isGreaterThan(40);
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            ByteBuf mangled = whole.copy();
            mangled.setByte(mangled.readerIndex() + random.nextInt(mangled.readableBytes()), random.nextInt(256));
            ClientHello.offers(mangled, "h2"); // throws nothing
        }
    }
}
