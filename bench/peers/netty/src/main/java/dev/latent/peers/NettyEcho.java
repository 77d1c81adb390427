package dev.latent.peers;

import com.sun.management.ThreadMXBean;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * A WebSocket echo server on one Netty event loop, which accepts and serves. To each line on its standard input it answers with the
 * bytes that it has allocated so far.
 */
public final class NettyEcho {
    private static final String USAGE = "usage: NettyEcho [--port 9002] [--transport epoll|nio]";
    private static final int BACKLOG = 1024;
    private static final int MAX_REQUEST_BYTES = 65_536;

    private NettyEcho() {}

    public static void main(String[] args) throws Exception {
        int port = 9002;
        boolean epoll = true;
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                usage();
            }
            switch (args[i]) {
                case "--port" -> port = Integer.parseInt(args[i + 1]);
                case "--transport" -> epoll = args[i + 1].equals("epoll");
                default -> usage();
            }
        }
        Thread.ofPlatform().daemon().start(NettyEcho::answer);
        serve(port, epoll).closeFuture().sync();
    }

    private static Channel serve(int port, boolean epoll) throws InterruptedException {
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        Class<? extends ServerChannel> channel =
                epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        var loop = new MultiThreadIoEventLoopGroup(1, io);
        Channel server = new ServerBootstrap()
                .group(loop)
                .channel(channel)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Pipeline())
                .bind("127.0.0.1", port)
                .sync()
                .channel();
        System.out.println("ready");
        return server;
    }

    private static void answer() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (in.readLine() != null) {
                System.out.println("allocated " + threads.getTotalThreadAllocatedBytes());
            }
        } catch (IOException e) {
            System.err.println("nobody asks any more: " + e.getMessage());
        }
    }

    private static void usage() {
        System.err.println(USAGE);
        System.exit(2);
    }

    private static final class Pipeline extends ChannelInitializer<Channel> {
        private static final WebSocketServerProtocolConfig CONFIG = WebSocketServerProtocolConfig.newBuilder()
                .websocketPath("/")
                .checkStartsWith(true)
                .build();
        private static final Echo ECHO = new Echo();

        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline()
                    .addLast(new HttpServerCodec())
                    .addLast(new HttpObjectAggregator(MAX_REQUEST_BYTES))
                    .addLast(new WebSocketServerProtocolHandler(CONFIG))
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
