package dev.latent.cli.bench;

import dev.latent.cli.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The servers of the web, and what puts load on WebSockets. */
final class Servers {
    static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xmn16m");
    static final Part LOAD = Part.rust("load");

    /** Where the commands that are shown listen. */
    static final int SHOWN_PORT = 7001;

    private static final Duration START = Duration.ofSeconds(30);
    private static final Part NETTY = Part.maven("netty");
    private static final Part FASTWEBSOCKETS = Part.rust("fastwebsockets");
    private static final Part TUNGSTENITE = Part.rust("tungstenite");
    private static final Part HYPER = Part.rust("hyper");

    private Servers() {}

    /**
     * A server.
     *
     * @param command without the port
     * @param isJvm whether it tells, when asked, how much it has allocated
     */
    record Server(String name, List<Part> parts, List<String> command, boolean isJvm) {
        /** {@return the same, for which that has to be there too} */
        Server with(Part more) {
            return new Server(
                    name, Stream.concat(parts.stream(), Stream.of(more)).toList(), command, isJvm);
        }

        private List<String> at(int port) {
            List<String> all = new ArrayList<>(command);
            all.addAll(List.of("--port", String.valueOf(port)));
            return all;
        }

        /** Starts it anew; it listens. */
        Running start(Children children) throws Failure, InterruptedException {
            int port = freePort();
            Child process = children.start(at(port));
            try {
                process.line(line -> line.startsWith("ready"), START);
                return new Running(process, port);
            } catch (Failure | InterruptedException e) {
                process.close();
                throw e;
            }
        }

        /** {@return its command, for people} */
        String shown() {
            return Plan.shown(at(SHOWN_PORT));
        }
    }

    /** A server that listens. */
    record Running(Child process, int port) implements AutoCloseable {
        /** Ticks of /proc in a second; the same on every Linux of today. */
        private static final double TICKS = 100;

        long allocated() throws Failure, InterruptedException {
            process.tell("allocated");
            String line = process.line(said -> said.startsWith("allocated "), START);
            return Long.parseLong(line.substring("allocated ".length()));
        }

        /** {@return user and system time of all its threads and processes so far} */
        double cpuSeconds() throws Failure {
            double all = 0;
            for (long pid : process.pids()) {
                try {
                    all += cpuTicks(Files.readString(Path.of("/proc/" + pid + "/stat"))) / TICKS;
                } catch (IOException e) {
                    throw new Failure("the server's time can't be read: " + e.getMessage());
                }
            }
            return all;
        }

        @Override
        public void close() {
            process.close();
        }
    }

    /** {@return what a process's line in /proc says of its time; its name, which may hold blanks, is in parentheses} */
    static long cpuTicks(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    // ---- what they are ----------------------------------------------------------------------------------------------

    /** {@return those that echo, all on one thread} */
    static List<Server> echo(Plan plan) {
        return list(
                Stream.of(
                        latent(plan, LOAD, "echo"),
                        new Server(
                                "fastwebsockets",
                                List.of(LOAD, FASTWEBSOCKETS),
                                List.of(FASTWEBSOCKETS.artifact()),
                                false)),
                netty(plan, LOAD, "NettyEcho", List.of()));
    }

    /** {@return those that have agreed on compression} */
    static List<Server> deflate(Plan plan) {
        return list(
                Stream.of(latent(plan, LOAD, "echo-deflate")), netty(plan, LOAD, "NettyEcho", List.of("--deflate")));
    }

    /** {@return those that send what one says to all, on one thread} */
    static List<Server> broadcast(Plan plan) {
        return list(
                Stream.of(
                        latent(plan, LOAD, "broadcast"),
                        new Server(
                                "tokio-tungstenite",
                                List.of(LOAD, TUNGSTENITE),
                                List.of(TUNGSTENITE.artifact()),
                                false)),
                netty(plan, LOAD, "NettyBroadcast", List.of()));
    }

    /** {@return those that answer every request by the same text} */
    static List<Server> hello(Plan plan, Flavor flavor) {
        String[] threads = flavor == Flavor.CURRENT ? new String[0] : new String[] {"--workers", "2"};
        List<String> hyper = new ArrayList<>(List.of(HYPER.artifact()));
        hyper.addAll(List.of(threads));
        return list(
                Stream.of(
                        latent(plan, Wrk.PART, "hello", threads),
                        new Server("hyper", List.of(Wrk.PART, HYPER), hyper, false)),
                netty(plan, Wrk.PART, "NettyHello", List.of(threads)));
    }

    /** {@return those that serve the files of this folder} */
    static List<Server> files(Plan plan, String folder) {
        List<String> nginx = List.of("bench/peers/nginx/serve", "--folder", folder);
        return List.of(
                latent(plan, Wrk.PART, "files", "--folder", folder),
                new Server("nginx", List.of(Wrk.PART, Part.installed(Tool.NGINX)), nginx, false));
    }

    private static List<Server> list(Stream<Server> some, Stream<Server> more) {
        return Stream.concat(some, more).toList();
    }

    private static Server latent(Plan plan, Part load, String work, String... more) {
        List<String> arguments = new ArrayList<>(List.of(work));
        arguments.addAll(List.of(more));
        List<String> command = plan.latent(FLAGS, "dev.latent.examples.bench.ServerBench", arguments);
        return new Server(Row.LATENT, List.of(load), command, true);
    }

    private static Stream<Server> netty(Plan plan, Part load, String main, List<String> arguments) {
        String folder = "bench/peers/netty/target/";
        String path = Plan.path(folder + "latent-peer-netty.jar", folder + "lib/*");
        List<String> flags = new ArrayList<>(FLAGS);
        flags.add("--enable-native-access=ALL-UNNAMED");
        return Stream.of("nio", "epoll").map(transport -> {
            List<String> all = new ArrayList<>(arguments);
            all.addAll(List.of("--transport", transport));
            List<String> command = plan.java(flags, path, "dev.latent.peers." + main, all);
            return new Server("netty-" + transport, List.of(load, NETTY), command, true);
        });
    }

    // ---- under load -------------------------------------------------------------------------------------------------

    /** {@return the load client's command} */
    static List<String> load(int port, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(LOAD.artifact(), "--port", String.valueOf(port)));
        command.addAll(arguments);
        return command;
    }

    static int freePort() throws Failure {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new Failure("no free port: " + e.getMessage());
        }
    }
}
