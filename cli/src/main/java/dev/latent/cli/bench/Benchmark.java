package dev.latent.cli.bench;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one name of {@code latent bench} stands for.
 *
 * @param flags of the JVMs in it
 */
public record Benchmark(String name, String about, String flags, Function<Plan, List<Case>> cases) {
    private static final String NONE = "none";

    /** All there are, in the order in which they run. */
    public static final List<Benchmark> ALL = List.of(
            new Benchmark(
                    "executor",
                    "spawn + join, yield, one thread and two; tokio, kotlinx",
                    NONE,
                    ExecutorCases::executor),
            new Benchmark(
                    "timers", "1,000,000 tasks sleep up to a second; tokio, kotlinx", NONE, ExecutorCases::timers),
            new Benchmark(
                    "memory",
                    "RSS with 1,000,000 sleeping tasks; tokio, kotlinx",
                    String.join(" ", ExecutorCases.SMALL_HEAP) + ", where the row says nothing else",
                    ExecutorCases::memory),
            new Benchmark(
                    "channels",
                    "mpsc, ping-pong, broadcast; tokio, kotlinx, Reactor, threads, Go",
                    NONE,
                    TaskCases::channels),
            new Benchmark("locks", "a mutex; tokio, kotlinx, virtual threads, Go", NONE, TaskCases::locks),
            new Benchmark("futures", "join, timeout; tokio, kotlinx, Reactor, threads, Go", NONE, TaskCases::futures),
            new Benchmark(
                    "websocket",
                    "echo at 100, 1,000, 10,000 connections; fastwebsockets, Netty",
                    String.join(" ", Servers.FLAGS),
                    WebSocketCases::websocket),
            new Benchmark(
                    "idle",
                    "memory of an idle WebSocket connection; fastwebsockets, Netty",
                    String.join(" ", Servers.FLAGS),
                    ConnectionCases::idle),
            new Benchmark(
                    "broadcast",
                    "a message to 10,000 WebSockets; tokio-tungstenite, Netty",
                    String.join(" ", Servers.FLAGS),
                    ConnectionCases::broadcast),
            new Benchmark(
                    "deflate",
                    "memory of a WebSocket that compresses; Netty",
                    String.join(" ", Servers.FLAGS),
                    ConnectionCases::deflate),
            new Benchmark(
                    "http",
                    "hello world, asked by wrk; hyper, Netty",
                    String.join(" ", Servers.FLAGS),
                    HttpCases::http),
            new Benchmark(
                    "file", "a file of 100 kB, asked by wrk; nginx", String.join(" ", Servers.FLAGS), HttpCases::file),
            new Benchmark(
                    "attacks",
                    "what one attacker costs a server's other clients",
                    String.join(" ", AttackCases.FLAGS),
                    AttackCases::attacks),
            new Benchmark(
                    "frames", "woven bodies; plain calls, state machines by hand (JMH)", NONE, FramesCases::frames),
            new Benchmark("chain", "a resume at await depth 1 to 1,000", NONE, ChainCases::chain),
            new Benchmark(
                    "compile",
                    "javac with the weaver; with an empty processor, with none",
                    NONE,
                    CompileCases::compile),
            new Benchmark("compress", "one large file, gzip and zstd; pigz, zstd", NONE, CompressCases::compress));

    /** The name of several, and which those are. */
    private static final String WEB = "web";

    private static final List<String> OF_WEB = List.of("websocket", "idle", "broadcast", "deflate", "http", "file");

    /** {@return the names} */
    public static List<String> names() {
        return Stream.concat(ALL.stream().map(Benchmark::name), Stream.of(WEB)).toList();
    }

    /** {@return those that the name stands for, none where it is none} */
    public static List<Benchmark> of(String name) {
        return ALL.stream()
                .filter(one -> one.name.equals(name) || name.equals(WEB) && OF_WEB.contains(one.name))
                .toList();
    }

    /** {@return what to say to somebody who asked for one that there isn't} */
    public static String unknown(String name) {
        String hint = Names.nearest(name, names())
                .map(near -> "; did you mean " + near + "? There are ")
                .orElse("; there are ");
        return "there is no benchmark " + name + hint + String.join(", ", names());
    }

    /** {@return the systems that are left out of quick runs unless they are asked for} */
    static List<String> slow() {
        return List.of("shared", "kotlinx", "reactor", "virtual-threads", "go", "netty-epoll");
    }

    /** {@return what these measure by this plan, in the order of {@link #ALL}} */
    public static List<Case> cases(List<Benchmark> benchmarks, Plan plan) {
        return ALL.stream()
                .filter(benchmarks::contains)
                .flatMap(benchmark -> benchmark.cases.apply(plan).stream())
                .toList();
    }

    /** {@return the flags of each that has some, by its name} */
    static Map<String, String> flagsOf(List<Case> cases) {
        return cases.stream()
                .map(Case::benchmark)
                .distinct()
                .flatMap(name -> of(name).stream())
                .collect(
                        Collectors.toMap(Benchmark::name, Benchmark::flags, (a, b) -> a, java.util.LinkedHashMap::new));
    }

    /** {@return a line for each, for help} */
    public static Stream<String> help() {
        return Stream.concat(
                ALL.stream().map(one -> "  %-9s  %s".formatted(one.name, one.about)),
                Stream.of("  %-9s  %s".formatted(WEB, String.join(", ", OF_WEB))));
    }
}
