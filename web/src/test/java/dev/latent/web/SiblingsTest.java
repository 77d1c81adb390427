package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.timeout;
import static dev.latent.Async.yieldNow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.world.FailureHandler;
import dev.latent.world.Timers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One connection runs out of memory, at every call of its stream in turn: the server and the others go on. */
@Timeout(120)
class SiblingsTest {
    /** Counts down calls; the one that finds zero fails, and then none any more. */
    private static final class Failing {
        private final String call;
        private int left;
        boolean failed;

        /** Somebody waits for the network to take more, or has waited. */
        boolean writes;

        Failing(String call, int left) {
            this.call = call;
            this.left = left;
        }

        void at(String name) {
            if (!failed && name.equals(call) && left-- == 0) {
                failed = true;
                throw new OutOfMemoryError("on purpose: " + name);
            }
        }

        <T> Future<T> at(String name, Future<T> real) {
            return new OwnedFuture<T>() {
                {
                    Owners.claim(real, this);
                }

                @Override
                protected Poll<T> pollOwned(Context cx) throws Exception {
                    writes |= name.equals("write");
                    try {
                        at(name);
                    } catch (OutOfMemoryError e) {
                        Owners.drop(real, this);
                        throw e;
                    }
                    return Owners.poll(real, this, cx);
                }

                @Override
                protected void dropOwned() {
                    Owners.drop(real, this);
                }
            };
        }
    }

    private record Listener(TcpListener real, Failing failing) implements TcpListener {
        @Override
        public Future<TcpStream> accept() {
            Future<TcpStream> accepted = failing.at("accept", real.accept());
            return async(() -> new Stream(await(accepted), failing));
        }

        @Override
        public InetSocketAddress localAddress() {
            return real.localAddress();
        }

        @Override
        public Future<Void> closeAsync() {
            return real.closeAsync();
        }

        @Override
        public void close() {
            real.close();
        }
    }

    private record Stream(TcpStream real, Failing failing) implements TcpStream {
        @Override
        public Future<Integer> read(ByteBuffer to) {
            return failing.at("read", real.read(to));
        }

        @Override
        public Future<Void> write(ByteBuffer from) {
            return failing.at("write", real.write(from));
        }

        @Override
        public Future<Void> readable() {
            return failing.at("readable", real.readable());
        }

        @Override
        public Future<Void> writable() {
            return failing.at("writable", real.writable());
        }

        @Override
        public int tryRead(ByteBuffer to) throws IOException {
            failing.at("tryRead");
            return real.tryRead(to);
        }

        @Override
        public int tryWrite(ByteBuffer from) throws IOException {
            failing.at("tryWrite");
            return real.tryWrite(from);
        }

        @Override
        public Future<Void> shutdownOutput() {
            return failing.at("shutdownOutput", real.shutdownOutput());
        }

        @Override
        public InetSocketAddress remoteAddress() {
            failing.at("remoteAddress");
            return real.remoteAddress();
        }

        @Override
        public InetSocketAddress localAddress() {
            return real.localAddress();
        }

        @Override
        public Future<Void> closeAsync() {
            return failing.at("closeAsync", real.closeAsync());
        }

        @Override
        public void close() {
            real.close();
        }
    }

    /** What a client does, whatever becomes of it. It takes in what is big only when the server has to wait for that, or has lost it. */
    private static Future<Void> visit(WebServer server, Failing failing) {
        return async(() -> {
            for (String head : new String[] {
                "GET /no HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
                "GET /big HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
                Raw.upgrade("h") + "\r\n",
                Raw.upgrade("h") + "\r\n"
            }) {
                try (var stream = await(Raw.open(server, head, Bytes.frame(0x81, new byte[40_000])))) {
                    await(Raw.head(stream));
                    await(stream.write(ByteBuffer.wrap(Bytes.frame(0x88, new byte[0]))));
                    while (head.contains("/big") && !failing.writes && !failing.failed) {
                        await(yieldNow());
                    }
                    await(Raw.rest(stream));
                } catch (IOException e) {
                    // it was this one's turn to fail
                }
            }
        });
    }

    @Test
    void anErrorOfOneConnection() throws Exception {
        // What visits must bring at least once; how often each is called differs with the network's mood.
        Map<String, Integer> calls = Map.of(
                "accept",
                3,
                "readable",
                4,
                "tryRead",
                4,
                "tryWrite",
                2,
                "write",
                1,
                "shutdownOutput",
                1,
                "closeAsync",
                2);
        for (var call : calls.entrySet()) {
            for (int nth = 0; nth < call.getValue(); nth++) {
                one(call.getKey(), nth);
            }
        }
    }

    private static void one(String call, int nth) throws Exception {
        List<String> reported = new CopyOnWriteArrayList<>();
        Failing failing = new Failing(call, Integer.MAX_VALUE);
        try (LocalExecutor executor = LocalExecutor.builder()
                .world(Latent.system()
                        .with(FailureHandler.class, (where, failure) -> reported.add(where + ": " + failure)))
                .build()) {
            executor.blockOn(timeout(Duration.ofSeconds(20), async(() -> {
                var config = WebServer.at("127.0.0.1", 0)
                        .webSocket("/ws", Raw::echo)
                        .resources(
                                "/", name -> name.equals("big") ? new ByteArrayInputStream(new byte[16 << 20]) : null)
                        .config();
                var listener = new Listener(await(TcpListener.bind("127.0.0.1", 0)), failing);
                try (var server = new WebServer(listener, config);
                        var serving = spawn(server.serve())) {
                    List<TcpStream> siblings = new ArrayList<>();
                    for (int i = 0; i < 3; i++) {
                        siblings.add(await(Raw.upgraded(server)));
                    }
                    failing.left = nth;
                    await(visit(server, failing));
                    await(Raw.untilOnly(server, 3));
                    failing.left = Integer.MAX_VALUE;
                    assertTrue(failing.failed, call + " was called less than " + (nth + 1) + " times");
                    assertTrue(!serving.isFinished(), call);
                    for (var sibling : siblings) {
                        await(sibling.write(ByteBuffer.wrap(Bytes.frame(0x81, new byte[] {'x'}))));
                        var answer = ByteBuffer.allocate(3);
                        while (answer.hasRemaining()) {
                            assertTrue(await(sibling.read(answer)) > 0, call);
                        }
                    }
                    await(sleep(Duration.ofMillis(1)));
                    assertEquals(64 << 20, config.budget().left());
                    assertTrue(reported.size() <= 2, reported.toString());
                }
            })));
            executor.runUntilStalled();
            assertEquals(0, executor.liveTasks());
        }
    }

    /** There is no memory for a connection, and none to wait with until there is some: the others have their turns, and then it goes on. */
    @Test
    void noMemoryToAcceptNorToPause() throws Exception {
        int[] refused = {0, 0};
        boolean[] scarce = {false};
        Timers real = Objects.requireNonNull(Latent.system().timers());
        Timers timers = deadline -> {
            if (scarce[0]) {
                refused[1]++;
                throw new OutOfMemoryError("on purpose: sleep");
            }
            return real.sleepUntil(deadline);
        };
        try (LocalExecutor executor = LocalExecutor.builder()
                .world(Latent.system().with(Timers.class, timers).with(FailureHandler.class, (where, failure) -> {}))
                .build()) {
            executor.blockOn(async(() -> {
                var listener = await(TcpListener.bind("127.0.0.1", 0));
                var failing = new TcpListener() {
                    @Override
                    public Future<TcpStream> accept() {
                        if (scarce[0]) {
                            refused[0]++;
                            throw new OutOfMemoryError("on purpose: accept");
                        }
                        return listener.accept();
                    }

                    @Override
                    public InetSocketAddress localAddress() {
                        return listener.localAddress();
                    }

                    @Override
                    public Future<Void> closeAsync() {
                        return listener.closeAsync();
                    }

                    @Override
                    public void close() {
                        listener.close();
                    }
                };
                var config =
                        WebServer.at("127.0.0.1", 0).webSocket("/ws", Raw::echo).config();
                scarce[0] = true;
                try (var server = new WebServer(failing, config);
                        var serving = spawn(server.serve())) {
                    while (refused[0] < 5) { // this task has its turns
                        await(yieldNow());
                    }
                    scarce[0] = false;
                    try (var stream = await(Raw.upgraded(server))) {
                        assertTrue(!serving.isFinished());
                        await(stream.shutdownOutput());
                    }
                    await(Raw.untilOnly(server, 0));
                }
            }));
            executor.runUntilStalled();
            assertEquals(0, executor.liveTasks());
        }
        assertTrue(refused[1] >= 4, refused[1] + " pauses");
    }
}
