package dev.latent.runtime.bytes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static dev.latent.Async.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.io.Net;
import dev.latent.io.Resolver;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpOptions;
import dev.latent.io.TcpStream;
import dev.latent.io.spi.HappyEyeballs;
import dev.latent.runtime.LocalExecutor;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import dev.latent.world.World;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a script: which address answers when, in virtual time. */
class HappyEyeballsTest {
    private static final long NEVER = 1_000_000_000;

    private final VirtualClock clock = new VirtualClock();
    private final List<InetAddress> addresses = new ArrayList<>();
    private final TreeMap<String, Long> answers = new TreeMap<>();
    private final List<String> log = new ArrayList<>();
    private final LocalExecutor executor = LocalExecutor.builder()
            .world(World.empty()
                    .with(Clock.class, clock)
                    .with(Resolver.class, _ -> Futures.ready(List.copyOf(addresses)))
                    .with(Net.class, new Scripted()))
            .idle(clock::skipTo)
            .build();

    @AfterEach
    void close() {
        executor.close();
    }

    private final class Scripted implements Net {
        @Override
        public Future<TcpListener> bind(SocketAddress address) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<TcpStream> connect(SocketAddress address) {
            return Futures.then(connecting(), _ -> Futures.failed(new IOException("no stream in this script")));
        }
    }

    private long now() {
        return clock.nanoTime() / 1_000_000;
    }

    /** An address that answers after that many milliseconds; negative: that refuses after as many. */
    private void address(String text, long millis) {
        InetAddress address = InetAddress.ofLiteral(text);
        addresses.add(address);
        answers.put(address.getHostAddress(), millis);
    }

    private Future<String> attempt(InetSocketAddress to) {
        String name = to.getAddress().getHostAddress();
        long millis = answers.get(name);
        return async(() -> {
            log.add(name + "@" + now());
            boolean answered = false;
            try {
                await(sleep(Duration.ofMillis(Math.abs(millis))));
                answered = true;
                if (millis < 0) {
                    throw new ConnectException(name + " refused");
                }
                return name;
            } finally {
                if (!answered) {
                    log.add(name + " dropped@" + now());
                }
            }
        });
    }

    private Future<String> connecting() {
        return new HappyEyeballs<>(InetSocketAddress.createUnresolved("a.test", 1), this::attempt);
    }

    private String run() throws Exception {
        return executor.blockOn(connecting());
    }

    @Test
    void aSilentAddressIsOvertakenAfterAQuarterOfASecond() throws Exception {
        address("2001:db8::1", NEVER);
        address("192.0.2.1", 20);
        assertEquals("192.0.2.1", run());
        assertEquals(List.of("2001:db8:0:0:0:0:0:1@0", "192.0.2.1@250", "2001:db8:0:0:0:0:0:1 dropped@270"), log);
    }

    @Test
    void theTwoKindsTakeTurns() throws Exception {
        address("2001:db8::1", NEVER);
        address("2001:db8::2", NEVER);
        address("192.0.2.1", NEVER);
        address("192.0.2.2", 1);
        assertEquals("192.0.2.2", run());
        assertEquals(
                List.of("2001:db8:0:0:0:0:0:1@0", "192.0.2.1@250", "2001:db8:0:0:0:0:0:2@500", "192.0.2.2@750"),
                log.subList(0, 4));
        assertEquals(7, log.size());
    }

    @Test
    void aSlowOneThatWasBegunMayStillBeTheFirst() throws Exception {
        address("2001:db8::1", 260);
        address("192.0.2.1", 100);
        assertEquals("2001:db8:0:0:0:0:0:1", run());
        assertEquals(260, now());
    }

    @Test
    void aRefusalBeginsTheNextAtOnceAndTheFirstOneIsTold() throws Exception {
        address("2001:db8::1", -10);
        address("192.0.2.1", -10);
        address("192.0.2.2", -300);
        ConnectException e = assertThrows(ConnectException.class, this::run);
        assertEquals("2001:db8:0:0:0:0:0:1 refused", e.getMessage());
        assertEquals(2, e.getSuppressed().length);
        assertEquals(List.of("2001:db8:0:0:0:0:0:1@0", "192.0.2.1@10", "192.0.2.2@20"), log);
        assertEquals(320, now());
    }

    @Test
    void droppedItDropsAllAttempts() {
        address("2001:db8::1", NEVER);
        address("192.0.2.1", NEVER);
        assertThrows(TimeoutException.class, () -> executor.blockOn(timeout(Duration.ofMillis(300), connecting())));
        assertEquals(List.of("2001:db8:0:0:0:0:0:1 dropped@300", "192.0.2.1 dropped@300"), log.subList(2, log.size()));
    }

    @Test
    void theConnectTimeoutIsForAllOfThem() {
        address("2001:db8::1", NEVER);
        address("192.0.2.1", NEVER);
        SocketTimeoutException e = assertThrows(
                SocketTimeoutException.class,
                () -> executor.blockOn(
                        TcpStream.connect("a.test", 1, TcpOptions.defaults().connectTimeout(Duration.ofMillis(900)))));
        assertEquals("cannot connect to a.test:1: no answer within 900 ms", e.getMessage());
        assertEquals(900, now());
        assertEquals(4, log.size());
    }

    @Test
    void aResolverThatFindsNothingIsAHostThatNobodyKnows() {
        UnknownHostException e = assertThrows(UnknownHostException.class, this::run);
        assertEquals("the host name \"a.test\" is not known", e.getMessage());
        assertThrows(UnknownHostException.class, () -> executor.blockOn(TcpStream.connect("a.test", 1)));
    }

    @Test
    void attemptsMayFailWithOneAndTheSame() {
        address("192.0.2.1", NEVER);
        address("192.0.2.2", NEVER);
        IOException same = new IOException("no network");
        InetSocketAddress host = InetSocketAddress.createUnresolved("a.test", 1);
        IOException e = assertThrows(
                IOException.class, () -> executor.blockOn(new HappyEyeballs<String>(host, _ -> Futures.failed(same))));
        assertSame(same, e);
        e = assertThrows(
                IOException.class,
                () -> executor.blockOn(new HappyEyeballs<String>(host, _ -> {
                    throw same;
                })));
        assertSame(same, e);
        assertEquals(0, same.getSuppressed().length);
    }

    /** Whatever an attempt throws that is no failure of the network ends all of them, cleanup included. */
    @Test
    void aBrokenAttemptEndsTheOthers() {
        address("192.0.2.1", NEVER);
        address("192.0.2.2", NEVER);
        InetSocketAddress host = InetSocketAddress.createUnresolved("a.test", 1);
        assertThrows(
                IllegalStateException.class,
                () -> executor.blockOn(new HappyEyeballs<>(host, to -> {
                    if (log.isEmpty()) {
                        return attempt(to);
                    }
                    throw new IllegalStateException("broken");
                })));
        assertEquals(List.of("192.0.2.1@0", "192.0.2.1 dropped@250"), log);
    }

    /** What comes first is known without running it: by when each is begun, were none to answer. */
    @Test
    void anyScriptEndsAsAModelSays() throws Exception {
        long seed = System.nanoTime();
        for (int round = 0; round < 500; round++) {
            Random random = new Random(seed + round);
            addresses.clear();
            answers.clear();
            int n = 1 + random.nextInt(5);
            long[] script = new long[n];
            for (int i = 0; i < n; i++) {
                script[i] = (random.nextBoolean() ? 1 : -1) * (1 + random.nextInt(900));
                address("192.0.2." + i, script[i]);
            }
            long begun = now();
            String winner;
            try {
                winner = run();
            } catch (IOException e) {
                winner = "none";
            }
            assertEquals(model(script), winner + "@" + (now() - begun), "seed " + (seed + round));
        }
        assertTrue(log.size() > 500);
    }

    private static String model(long[] script) {
        long[] ends = new long[script.length];
        int next = 0;
        long pauseEnds = 0;
        boolean[] refused = new boolean[script.length];
        for (long time = 0; ; time++) {
            for (int i = 0; i < next; i++) {
                if (script[i] > 0 && ends[i] == time) {
                    return "192.0.2." + i + "@" + time;
                }
            }
            boolean begin = time == pauseEnds;
            for (int i = 0; i < next; i++) {
                if (script[i] < 0 && ends[i] == time) {
                    refused[i] = true;
                    begin = true;
                }
            }
            if (begin && next < script.length) {
                ends[next] = time + Math.abs(script[next]);
                next++;
                pauseEnds = time + 250;
            }
            boolean all = next == script.length;
            for (boolean each : refused) {
                all &= each;
            }
            if (all) {
                return "none@" + time;
            }
        }
    }
}
