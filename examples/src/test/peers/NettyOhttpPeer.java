import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.incubator.codec.bhttp.DefaultBinaryHttpRequest;
import io.netty.incubator.codec.bhttp.DefaultBinaryHttpResponse;
import io.netty.incubator.codec.bhttp.DefaultFullBinaryHttpRequest;
import io.netty.incubator.codec.bhttp.DefaultFullBinaryHttpResponse;
import io.netty.incubator.codec.hpke.AEAD;
import io.netty.incubator.codec.hpke.KDF;
import io.netty.incubator.codec.hpke.KEM;
import io.netty.incubator.codec.hpke.OHttpCryptoProvider;
import io.netty.incubator.codec.hpke.boringssl.BoringSSLOHttpCryptoProvider;
import io.netty.incubator.codec.ohttp.OHttpCiphersuite;
import io.netty.incubator.codec.ohttp.OHttpClientCodec;
import io.netty.incubator.codec.ohttp.OHttpClientCodec.EncapsulationParameters;
import io.netty.incubator.codec.ohttp.OHttpKey;
import io.netty.incubator.codec.ohttp.OHttpServerCodec;
import io.netty.incubator.codec.ohttp.OHttpServerKeys;
import io.netty.incubator.codec.ohttp.OHttpServerPublicKeys;
import io.netty.incubator.codec.ohttp.OHttpVersion;
import io.netty.incubator.codec.ohttp.OHttpVersionChunkDraft;
import io.netty.incubator.codec.ohttp.OHttpVersionDraft;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Netty's codec for Oblivious HTTP, with keys and seals of BoringSSL, as a client and as a gateway.
 *
 * <pre>
 * client AEAD plain|chunked RELAY CA-FILE KEYS-FILE TARGET SIZE   posts SIZE bytes and prints status, length and sum of the answer
 * gateway AEAD                                                    says "ready PORT"; keys at /ohttp-keys; answers with what it got
 * </pre>
 */
final class NettyOhttpPeer {
    private static final OHttpCryptoProvider CRYPTO = BoringSSLOHttpCryptoProvider.INSTANCE;
    private static final EventLoopGroup LOOP = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private static final int PIECE = 10_000;

    public static void main(String[] args) throws Exception {
        if (args[0].equals("gateway")) {
            gateway(AEAD.valueOf(args[1]));
        } else {
            client(AEAD.valueOf(args[1]), args[2].equals("chunked"), URI.create(args[3]), args[4], args[5], URI.create(args[6]),
                    Integer.parseInt(args[7]));
        }
    }

    private static void client(AEAD aead, boolean chunked, URI relay, String ca, String keysFile, URI target, int size)
            throws Exception {
        OHttpServerPublicKeys keys = OHttpServerPublicKeys.decodeKeyConfigurationMediaType(
                Unpooled.wrappedBuffer(Files.readAllBytes(Path.of(keysFile))));
        OHttpKey.PublicKey key = keys.iterator().next().getValue();
        OHttpCiphersuite suite = new OHttpCiphersuite(key.id(), key.kem(), KDF.HKDF_SHA256, aead);
        OHttpVersion version = chunked ? OHttpVersionChunkDraft.INSTANCE : OHttpVersionDraft.INSTANCE;
        EncapsulationParameters parameters = EncapsulationParameters.newInstance(
                version, suite, CRYPTO.deserializePublicKey(key.kem(), key.pkEncoded()), relay.getRawPath(), relay.getAuthority());
        SslContext tls = SslContextBuilder.forClient().trustManager(new File(ca)).build();
        CompletableFuture<String> answer = new CompletableFuture<>();
        Channel channel = new Bootstrap()
                .group(LOOP)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        ch.pipeline()
                                .addLast(tls.newHandler(ch.alloc(), relay.getHost(), relay.getPort()))
                                .addLast(new HttpClientCodec())
                                .addLast(new OHttpClientCodec(CRYPTO, request -> parameters))
                                .addLast(new Answer(answer));
                    }
                })
                .connect(relay.getHost(), relay.getPort())
                .sync()
                .channel();
        String path = target.getRawQuery() == null ? target.getRawPath() : target.getRawPath() + "?" + target.getRawQuery();
        List<HttpObject> parts = new ArrayList<>();
        if (chunked) {
            parts.add(new DefaultBinaryHttpRequest(
                    HttpVersion.HTTP_1_1, HttpMethod.POST, target.getScheme(), target.getAuthority(), path));
            for (int sent = 0; sent < size; sent += PIECE) {
                parts.add(new DefaultHttpContent(Unpooled.wrappedBuffer(pattern(sent, Math.min(PIECE, size - sent)))));
            }
            parts.add(LastHttpContent.EMPTY_LAST_CONTENT);
        } else {
            parts.add(new DefaultFullBinaryHttpRequest(
                    HttpVersion.HTTP_1_1, HttpMethod.POST, target.getScheme(), target.getAuthority(), path,
                    Unpooled.wrappedBuffer(pattern(0, size))));
        }
        ((HttpRequest) parts.get(0)).headers().set("x-from", "netty");
        for (HttpObject part : parts) {
            channel.writeAndFlush(part).addListener(sent -> {
                if (!sent.isSuccess()) {
                    answer.completeExceptionally(sent.cause());
                }
            });
        }
        try {
            System.out.println(answer.get(60, TimeUnit.SECONDS));
        } finally {
            LOOP.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
        }
    }

    private static byte[] pattern(int from, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ((from + i) * 31);
        }
        return bytes;
    }

    /** Status, fields that begin with x-, and content of an answer. */
    private static final class Answer extends SimpleChannelInboundHandler<HttpObject> {
        private final CompletableFuture<String> answer;
        private final StringBuilder head = new StringBuilder();
        private long length;
        private long sum;

        Answer(CompletableFuture<String> answer) {
            this.answer = answer;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
            if (part instanceof HttpResponse) {
                HttpResponse response = (HttpResponse) part;
                head.append("status ").append(response.status().code());
                response.headers().forEach(field -> {
                    if (field.getKey().startsWith("x-")) {
                        head.append(' ').append(field.getKey()).append('=').append(field.getValue());
                    }
                });
            }
            if (part instanceof HttpContent) {
                for (byte b : ByteBufUtil.getBytes(((HttpContent) part).content())) {
                    length++;
                    sum += b & 0xff;
                }
            }
            if (part instanceof LastHttpContent) {
                answer.complete(head + " length " + length + " sum " + sum);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            answer.completeExceptionally(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            answer.completeExceptionally(new IllegalStateException("closed; so far " + head + " length " + length));
        }
    }

    private static void gateway(AEAD aead) throws Exception {
        OHttpServerKeys keys = new OHttpServerKeys(OHttpKey.newPrivateKey(
                (byte) 77,
                KEM.X25519_SHA256,
                List.of(OHttpKey.newCipher(KDF.HKDF_SHA256, aead)),
                CRYPTO.newRandomPrivateKey(KEM.X25519_SHA256)));
        Channel server = new ServerBootstrap()
                .group(LOOP)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        Echo echo = new Echo();
                        ch.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(new Keys(keys))
                                .addLast(new OHttpServerCodec(CRYPTO, keys) {
                                    @Override
                                    protected OHttpVersion selectVersion(String contentType) {
                                        OHttpVersion version = super.selectVersion(contentType);
                                        echo.chunked = version == OHttpVersionChunkDraft.INSTANCE;
                                        return version;
                                    }
                                })
                                .addLast(echo);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
        System.out.println("ready " + ((InetSocketAddress) server.localAddress()).getPort());
        server.closeFuture().sync();
    }

    /** Answers GET with the keys, which the codec would refuse. */
    private static final class Keys extends ChannelInboundHandlerAdapter {
        private final OHttpServerKeys keys;
        private boolean get;

        Keys(OHttpServerKeys keys) {
            this.keys = keys;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object part) {
            if (part instanceof HttpRequest) {
                get = ((HttpRequest) part).method().equals(HttpMethod.GET);
            }
            if (!get) {
                ctx.fireChannelRead(part);
                return;
            }
            ReferenceCountUtil.release(part);
            if (part instanceof LastHttpContent) {
                ByteBuf list = Unpooled.buffer();
                keys.encodeKeyConfigurationMediaType(list);
                FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, list);
                response.headers().set("content-type", "application/ohttp-keys").set("content-length", list.readableBytes());
                ctx.writeAndFlush(response);
            }
        }
    }

    /** Answers with what it got, in pieces if it came so. */
    private static final class Echo extends SimpleChannelInboundHandler<HttpObject> {
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private String asked = "";
        private String from = "";
        private boolean chunked;

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) throws Exception {
            if (part instanceof HttpRequest) {
                HttpRequest request = (HttpRequest) part;
                asked = request.method() + " " + request.uri();
                from = String.valueOf(request.headers().get("x-from"));
                content.reset();
            }
            if (part instanceof HttpContent) {
                content.write(ByteBufUtil.getBytes(((HttpContent) part).content()));
            }
            if (part instanceof LastHttpContent) {
                answer(ctx);
            }
        }

        private void answer(ChannelHandlerContext ctx) {
            byte[] bytes = content.toByteArray();
            HttpResponse head = chunked
                    ? new DefaultBinaryHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CREATED)
                    : new DefaultFullBinaryHttpResponse(
                            HttpVersion.HTTP_1_1, HttpResponseStatus.CREATED, Unpooled.wrappedBuffer(bytes));
            head.headers().set("x-from", from).set("x-asked", asked);
            ctx.writeAndFlush(head);
            if (!chunked) {
                return;
            }
            for (int sent = 0; sent < bytes.length; sent += PIECE) {
                ctx.write(new DefaultHttpContent(
                        Unpooled.copiedBuffer(bytes, sent, Math.min(PIECE, bytes.length - sent))));
            }
            ctx.writeAndFlush(new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            cause.printStackTrace();
            ctx.close();
        }
    }
}
