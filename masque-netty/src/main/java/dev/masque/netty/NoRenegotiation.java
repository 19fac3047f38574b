package dev.masque.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Closes a connection whose peer begins a second handshake of TLS 1.2, which costs this side a signature each time and which
 * HTTP/2 forbids (RFC 9113, 9.2.1); the JDK would go along. Sits below TLS and looks at the headers of records: no
 * handshake record comes after application data, and no second ChangeCipherSpec. In TLS 1.3 neither does.
 */
final class NoRenegotiation extends ChannelInboundHandlerAdapter {
    private static final int HEADER = 5;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;

    private int headerBytes;
    private int left;
    private boolean cipherChanged;
    private boolean established;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes && !isWelcome(bytes)) {
            ReferenceCountUtil.release(message);
            context.close();
        } else {
            context.fireChannelRead(message);
        }
    }

    private boolean isWelcome(ByteBuf bytes) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            if (headerBytes == HEADER) {
                int skipped = Math.min(left, bytes.writerIndex() - at);
                at += skipped;
                left -= skipped;
                headerBytes = left == 0 ? 0 : HEADER;
            } else {
                int value = bytes.getUnsignedByte(at++);
                if (headerBytes == 0 && !isWelcome(value)) {
                    return false;
                }
                left = (left << 8 | value) & 0xffff; // ends as the length, the last two bytes
                headerBytes++;
            }
        }
        return true;
    }

    private boolean isWelcome(int type) {
        boolean again = type == HANDSHAKE && established || type == CHANGE_CIPHER_SPEC && cipherChanged;
        established |= type == APPLICATION_DATA;
        cipherChanged |= type == CHANGE_CIPHER_SPEC;
        return !again;
    }
}
