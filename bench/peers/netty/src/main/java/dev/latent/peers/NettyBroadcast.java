package dev.latent.peers;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelMatchers;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;
import io.netty.util.concurrent.GlobalEventExecutor;

/** A server that sends each text it gets to all its connections, as one frame that was encoded once. */
public final class NettyBroadcast {
    private static final int FINAL_TEXT = 0x81;
    private static final int LONGEST_SHORT = 125;

    private NettyBroadcast() {}

    public static void main(String[] args) throws Exception {
        Loops.serve(args, new Pipeline());
    }

    private static final class Pipeline extends ChannelInitializer<Channel> {
        private final Everybody everybody = new Everybody();

        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline()
                    .addLast(new HttpServerCodec())
                    .addLast(new HttpObjectAggregator(NettyEcho.MAX_REQUEST_BYTES))
                    .addLast(new WebSocketServerProtocolHandler(NettyEcho.AT_ROOT))
                    .addLast(everybody);
        }
    }

    @ChannelHandler.Sharable
    private static final class Everybody extends SimpleChannelInboundHandler<TextWebSocketFrame> {
        private final ChannelGroup all = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof HandshakeComplete) {
                all.add(context.channel());
            }
        }

        /** The encoder lets bytes pass; without futures of each write nobody makes any. */
        @Override
        protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame text) {
            int length = text.content().readableBytes();
            if (length > LONGEST_SHORT) {
                context.close();
                return;
            }
            ByteBuf frame = context.alloc().directBuffer(2 + length);
            frame.writeByte(FINAL_TEXT).writeByte(length).writeBytes(text.content());
            all.writeAndFlush(frame, ChannelMatchers.all(), true);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
