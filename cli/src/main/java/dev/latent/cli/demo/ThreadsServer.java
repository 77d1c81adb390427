package dev.latent.cli.demo;

import dev.latent.examples.chat.ThreadedChat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;

/** The chat with a thread for each connection as a process, which is told what {@link DemoServer} is; {@code -Dlatent.virtual=true} makes the threads virtual ones. */
public final class ThreadsServer {
    private ThreadsServer() {}

    /**
     * Serves until it is told to stop.
     *
     * @param args the addresses to listen at
     */
    public static void main(String[] args) throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        Orders.listen(word -> {
            if (word.equals("memory")) {
                DemoServer.tellMemory();
            } else {
                stopped.countDown();
            }
        });
        ThreadFactory threads = Boolean.getBoolean("latent.virtual")
                ? Thread.ofVirtual().factory()
                : Thread.ofPlatform().daemon().factory();
        try (ThreadedChat chat = new ThreadedChat(threads)) {
            int port = 0;
            for (String host : args) {
                port = chat.listen(host, port);
            }
            System.out.println("port " + port);
            stopped.await();
        }
        System.exit(0);
    }
}
