package keyvalue;

import static dev.latent.Async.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.io.Shutdown;
import dev.latent.io.TcpListener;
import dev.latent.runtime.WorkStealingExecutor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server on two threads, and clients of sockets and threads, as {@code nc} is one. */
@Timeout(60)
class SocketTest {
    private final WorkStealingExecutor executor = WorkStealingExecutor.create(2);
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final CompletableFuture<Shutdown> running = new CompletableFuture<>();
    private CompletableFuture<Shutdown.Report> report;

    private final Server server = new Server(Limits.DEFAULT.clients(20));

    @BeforeEach
    void serve() {
        report = executor.toCompletableFuture(
                Shutdown.on().within(Duration.ofSeconds(10)).run(stop -> {
                    try (var listener = await(TcpListener.bind("127.0.0.1", 0))) {
                        port.complete(listener.localAddress().getPort());
                        running.complete(stop);
                        await(server.serve(listener, stop));
                    }
                }));
    }

    @AfterEach
    void close() {
        executor.close();
    }

    private final class Raw implements AutoCloseable {
        final Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.join());
        final BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));

        Raw() throws IOException {}

        String ask(String line) throws IOException {
            socket.getOutputStream().write((line + "\n").getBytes(UTF_8));
            return in.readLine();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void everyIncrementCountsOnce() throws Exception {
        List<Future<?>> all = new ArrayList<>();
        var numbers = ConcurrentHashMap.<String>newKeySet();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) { // more than there are places: the rest waits its turn
                all.add(threads.submit(() -> {
                    try (var client = new Raw()) {
                        for (int n = 0; n < 100; n++) {
                            assertTrue(numbers.add(client.ask("INCR n")));
                        }
                        assertEquals("BYE", client.ask("QUIT"));
                    }
                    return null;
                }));
            }
            for (var each : all) {
                each.get(50, TimeUnit.SECONDS);
            }
        }
        assertEquals(5_000, numbers.size());
        try (var client = new Raw()) {
            assertEquals("TEXT 5000", client.ask("GET n"));
        }
    }

    @Test
    void aClientThatEndsItsSideIsAnsweredFirst() throws Exception {
        try (var client = new Raw()) { // printf 'SET a b\nGET a' | nc
            client.socket.getOutputStream().write("SET a b\nGET a".getBytes(UTF_8));
            client.socket.shutdownOutput();
            assertEquals("OK", client.in.readLine());
            assertEquals("TEXT b", client.in.readLine());
            assertNull(client.in.readLine());
        }
    }

    @Test
    void itStopsInGoodOrder() throws Exception {
        try (var client = new Raw()) {
            assertEquals("PONG", client.ask("PING"));
            running.join().ask("the test is over");
            assertEquals("BYE the server stops", client.in.readLine());
            assertNull(client.in.readLine());
        }
        assertEquals(
                "the test is over: all have ended",
                report.get(20, TimeUnit.SECONDS).toString());
    }
}
