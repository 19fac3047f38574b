package dev.masque.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class QuicheRetryTest {
    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 4_433);

    private final AtomicInteger handshakes = new AtomicInteger(QuicheRetry.MANY);
    private final QuicheRetry retry = new QuicheRetry(handshakes::get);
    private final ByteBuf id = Unpooled.wrappedBuffer(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});

    private ByteBuf token() {
        ByteBuf token = Unpooled.buffer();
        assertThat(retry.writeToken(token, id, CLIENT)).isTrue();
        assertThat(token.readableBytes()).isLessThanOrEqualTo(retry.maxTokenLength());
        return token;
    }

    @Test
    void aFewHandshakesNeedNoToken() {
        handshakes.decrementAndGet();
        assertThat(retry.writeToken(Unpooled.buffer(), id, CLIENT)).isFalse();
    }

    @Test
    void aTokenIsGoodWhereItWasSentAndTellsTheConnectionId() {
        ByteBuf token = token();
        int at = retry.validateToken(token, CLIENT);
        assertThat(token.slice(at, token.readableBytes() - at)).isEqualTo(id);
    }

    @Test
    void aTokenIsGoodNowhereElse() {
        assertThat(retry.validateToken(token(), new InetSocketAddress("192.0.2.1", 4_434)))
                .isNegative();
        assertThat(retry.validateToken(token(), new InetSocketAddress("192.0.2.2", 4_433)))
                .isNegative();
        assertThat(new QuicheRetry(handshakes::get).validateToken(token(), CLIENT))
                .isNegative();
    }

    @Test
    void aTokenThatWasChangedAnywhereIsNotGood() {
        int length = token().readableBytes();
        for (int i = 0; i < length; i++) {
            ByteBuf token = token();
            token.setByte(i, token.getByte(i) ^ 1);
            assertThat(retry.validateToken(token, CLIENT)).isNegative();
            assertThat(retry.validateToken(token().slice(0, i), CLIENT)).isNegative();
        }
        assertThat(retry.validateToken(token().writeByte(0), CLIENT)).isNegative();
        assertThat(retry.validateToken(Unpooled.wrappedBuffer(new byte[1_000]), CLIENT))
                .isNegative();
    }
}
