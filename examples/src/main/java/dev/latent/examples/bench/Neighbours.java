package dev.latent.examples.bench;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.latent.Future;
import dev.latent.Item;
import dev.latent.io.AsyncBufReader;
import dev.latent.io.TcpStream;
import dev.latent.runtime.LocalExecutor;
import dev.latent.web.WebSocket;
import dev.latent.world.Clock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * Honest clients of {@link AttackedServer}: 200 WebSockets whose messages are echoed, and 20 that ask for a page, each at its own rate, whatever becomes of the others. To each line on the
 * standard input they answer with the time that the round trips since the last one took, from when each was due.
 */
public final class Neighbours {
    private static final int SOCKETS = 200;
    private static final int ASKERS = 20;
    private static final Duration PERIOD = Duration.ofMillis(250);
    private static final byte[] ASK = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(US_ASCII);
    private static final String MESSAGE = "0123456789abcdef0123456789abcdef";

    private long[] took = new long[1 << 16];
    private int count;
    private int lost;

    private Neighbours() {}

    private synchronized void took(long nanos) {
        if (count == took.length) {
            took = Arrays.copyOf(took, 2 * took.length);
        }
        took[count++] = nanos;
    }

    private synchronized void lost() {
        lost++;
    }

    private synchronized String figures() {
        long[] sorted = Arrays.copyOf(took, count);
        Arrays.sort(sorted);
        count = 0;
        return "{\"p50_us\":" + at(sorted, 0.5) + ",\"p99_us\":" + at(sorted, 0.99) + ",\"max_us\":" + at(sorted, 1)
                + ",\"count\":" + sorted.length + ",\"lost\":" + lost + "}";
    }

    private static long at(long[] sorted, double part) {
        return sorted.length == 0 ? -1 : sorted[(int) ((sorted.length - 1) * part)] / 1000;
    }

    private Future<Void> echoed(int port, int i) {
        return async(() -> {
            try (WebSocket socket = await(WebSocket.connect(URI.create("ws://127.0.0.1:" + port + "/echo")))) {
                Clock clock = context().capability(Clock.class);
                for (long due = first(clock, i, SOCKETS); ; due += PERIOD.toNanos()) {
                    await(sleep(Duration.ofNanos(Math.max(0, due - clock.nanoTime()))));
                    await(socket.send(MESSAGE));
                    await(socket.receive());
                    took(clock.nanoTime() - due);
                }
            } catch (IOException e) {
                lost();
            }
        });
    }

    private Future<Void> answered(int port, int i) {
        return async(() -> {
            try (TcpStream stream = await(TcpStream.connect("127.0.0.1", port))) {
                AsyncBufReader in = AsyncBufReader.of(stream);
                Clock clock = context().capability(Clock.class);
                for (long due = first(clock, i, ASKERS); ; due += PERIOD.toNanos()) {
                    await(sleep(Duration.ofNanos(Math.max(0, due - clock.nanoTime()))));
                    await(stream.write(ByteBuffer.wrap(ASK)));
                    while (!(await(in.readLine()) instanceof Item(var line) && line.isEmpty())) {}
                    await(in.readExactly("hello".length()));
                    took(clock.nanoTime() - due);
                }
            } catch (IOException e) {
                lost();
            }
        });
    }

    /** {@return when the {@code i}-th of {@code n} begins: they are spread over a period} */
    private static long first(Clock clock, int i, int n) {
        return clock.nanoTime() + PERIOD.toNanos() * i / n;
    }

    /**
     * Asks, until it is killed.
     *
     * @param args {@code --port N}
     */
    public static void main(String[] args) throws Exception {
        if (args.length != 2 || !args[0].equals("--port") || !args[1].matches("\\d{1,5}")) {
            System.err.println("usage: Neighbours --port N");
            System.exit(2);
        }
        int port = Integer.parseInt(args[1]);
        Neighbours all = new Neighbours();
        Thread.ofPlatform().daemon().name("answers").start(all::answer);
        try (LocalExecutor executor = new LocalExecutor()) {
            executor.blockOn(async(() -> {
                for (int i = 0; i < SOCKETS; i++) {
                    spawn(all.echoed(port, i)).detach();
                }
                for (int i = 0; i < ASKERS; i++) {
                    spawn(all.answered(port, i)).detach();
                }
                System.out.println("ready");
                await(sleep(Duration.ofHours(1)));
            }));
        }
    }

    private void answer() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (in.readLine() != null) {
                System.out.println(figures());
            }
        } catch (IOException e) {
            System.err.println("nobody asks any more: " + e.getMessage());
        }
    }
}
