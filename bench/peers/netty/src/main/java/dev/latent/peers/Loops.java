package dev.latent.peers;

import com.sun.management.ThreadMXBean;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/** A server whose event loops accept and serve. To each line on its standard input it answers with the bytes that it has allocated so far. */
final class Loops {
    private static final int BACKLOG = 1024;

    private Loops() {}

    /** Serves until it is killed, by the arguments {@code --port N}, {@code --transport epoll|nio}, {@code --workers N}. */
    static void serve(String[] args, ChannelHandler connection) throws InterruptedException {
        int port = 9002;
        boolean epoll = true;
        int workers = 1;
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                usage();
            }
            switch (args[i]) {
                case "--port" -> port = Integer.parseInt(args[i + 1]);
                case "--transport" -> epoll = args[i + 1].equals("epoll");
                case "--workers" -> workers = Integer.parseInt(args[i + 1]);
                default -> usage();
            }
        }
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        Class<? extends ServerChannel> channel =
                epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        Channel server = new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(workers, io))
                .channel(channel)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(connection)
                .bind("127.0.0.1", port)
                .sync()
                .channel();
        System.out.println("ready");
        Thread.ofPlatform().daemon().start(Loops::answer);
        server.closeFuture().sync();
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
        System.err.println("usage: [--port 9002] [--transport epoll|nio] [--workers 1]");
        System.exit(2);
    }
}
