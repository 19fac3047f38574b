package dev.masque.netty;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last handler where nobody waits for anything: what goes wrong there shows elsewhere too. Stateless. */
@Sharable
final class Quiet extends ChannelInboundHandlerAdapter {
    static final Quiet HANDLER = new Quiet();

    private static final Logger LOG = LoggerFactory.getLogger(Quiet.class);

    private Quiet() {}

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.trace("on a channel that nobody uses", cause);
    }
}
