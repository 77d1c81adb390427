package dev.latent.cli.bench;

import dev.latent.cli.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The WebSocket echo servers, all on one thread, and the load that they are put under. */
final class EchoServers {
    static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xmn16m");
    static final Part LOAD = Part.rust("load");

    /** Where the commands that are shown listen. */
    private static final int SHOWN_PORT = 7001;

    private static final Duration START = Duration.ofSeconds(30);
    private static final Part NETTY = Part.maven("netty");
    private static final Part FASTWEBSOCKETS = Part.rust("fastwebsockets");

    private EchoServers() {}

    /**
     * A server.
     *
     * @param command without the port
     * @param isJvm whether it tells, when asked, how much it has allocated
     */
    record Server(String name, List<Part> parts, List<String> command, boolean isJvm) {
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

        /** {@return its command, and the load's} */
        List<String> shown(List<String> load) {
            return List.of(Plan.shown(at(SHOWN_PORT)), Plan.shown(load(SHOWN_PORT, load)));
        }
    }

    /** A server that listens. */
    record Running(Child process, int port) implements AutoCloseable {
        long allocated() throws Failure, InterruptedException {
            process.tell("allocated");
            String line = process.line(said -> said.startsWith("allocated "), START);
            return Long.parseLong(line.substring("allocated ".length()));
        }

        @Override
        public void close() {
            process.close();
        }
    }

    static List<Server> all(Plan plan) {
        String folder = "bench/peers/netty/target/";
        String path = Plan.path(folder + "latent-peer-netty.jar", folder + "lib/*");
        List<String> nettyFlags = new ArrayList<>(FLAGS);
        nettyFlags.add("--enable-native-access=ALL-UNNAMED");
        List<Server> servers = new ArrayList<>();
        servers.add(new Server(
                Row.LATENT,
                List.of(LOAD),
                plan.latent(FLAGS, "dev.latent.examples.bench.EchoServer", List.of()),
                true));
        servers.add(
                new Server("fastwebsockets", List.of(LOAD, FASTWEBSOCKETS), List.of(FASTWEBSOCKETS.artifact()), false));
        for (String transport : List.of("nio", "epoll")) {
            servers.add(new Server(
                    "netty-" + transport,
                    List.of(LOAD, NETTY),
                    plan.java(nettyFlags, path, "dev.latent.peers.NettyEcho", List.of("--transport", transport)),
                    true));
        }
        return servers;
    }

    static List<String> load(int port, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(LOAD.artifact(), "--port", String.valueOf(port)));
        command.addAll(arguments);
        return command;
    }

    private static int freePort() throws Failure {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new Failure("no free port: " + e.getMessage());
        }
    }
}
