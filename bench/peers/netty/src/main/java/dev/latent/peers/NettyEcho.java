package dev.latent.peers;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import java.util.Arrays;

/** A WebSocket echo server; with {@code --deflate} as its first argument it compresses, without contexts where the client does without. */
public final class NettyEcho {
    static final WebSocketServerProtocolConfig AT_ROOT = WebSocketServerProtocolConfig.newBuilder()
            .websocketPath("/")
            .checkStartsWith(true)
            .allowExtensions(true)
            .build();
    static final int MAX_REQUEST_BYTES = 65_536;
    private static final int MAX_MESSAGE_BYTES = 1 << 20;
    private static final int LEVEL = 6;

    private NettyEcho() {}

    public static void main(String[] args) throws Exception {
        boolean deflate = args.length > 0 && args[0].equals("--deflate");
        Loops.serve(deflate ? Arrays.copyOfRange(args, 1, args.length) : args, new Pipeline(deflate));
    }

    private static final class Pipeline extends ChannelInitializer<Channel> {
        private static final Echo ECHO = new Echo();
        private final boolean deflate;

        Pipeline(boolean deflate) {
            this.deflate = deflate;
        }

        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline().addLast(new HttpServerCodec()).addLast(new HttpObjectAggregator(MAX_REQUEST_BYTES));
            if (deflate) {
                channel.pipeline()
                        .addLast(new WebSocketServerExtensionHandler(new PerMessageDeflateServerExtensionHandshaker(
                                LEVEL,
                                false,
                                PerMessageDeflateServerExtensionHandshaker.MAX_WINDOW_SIZE,
                                true,
                                true,
                                MAX_MESSAGE_BYTES)));
            }
            channel.pipeline()
                    .addLast(new WebSocketServerProtocolHandler(AT_ROOT))
                    .addLast(ECHO);
        }
    }

    /** Sends every frame back as it came, and flushes once per read. */
    @ChannelHandler.Sharable
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            context.write(frame, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
