package dev.latent.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the system lets a process have.
 *
 * @param openFiles of one process: a JVM raises the soft limit to the hard one by itself
 * @param ports for outgoing connections to one address
 */
record Limits(long openFiles, int ports) {
    /** Jars, selectors, pipes and the like. */
    private static final int OTHER_FILES = 100;

    /** Ports that others use, or that are still waiting to be free. */
    private static final double USABLE_PORTS = 0.8;

    /** 127.0.0.1 to 127.0.0.250; only Linux has more than the first without being told. */
    private static final int ADDRESSES = 250;

    private static final int DEFAULT_PORTS = 16_384;

    static Limits ofThisMachine() throws IOException {
        return new Limits(
                readOpenFiles(Path.of("/proc/self/limits")),
                readPorts(Path.of("/proc/sys/net/ipv4/ip_local_port_range")));
    }

    static long readOpenFiles(Path limits) throws IOException {
        if (Files.exists(limits)) {
            for (String line : Files.readAllLines(limits)) {
                if (line.startsWith("Max open files")) {
                    String hard = line.strip().split("\\s+")[4];
                    return hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard);
                }
            }
        }
        return Long.MAX_VALUE;
    }

    static int readPorts(Path range) throws IOException {
        if (!Files.exists(range)) {
            return DEFAULT_PORTS;
        }
        // Not readString: it begins with a read of one byte, and such a file gives nothing more after it.
        String[] ends = Files.readAllLines(range).getFirst().strip().split("\\s+");
        return Integer.parseInt(ends[1]) - Integer.parseInt(ends[0]) + 1;
    }

    private long usablePorts() {
        return Math.max(1, (long) (ports * USABLE_PORTS));
    }

    /** Refuses what can't be, naming the command that allows it and the number that would fit. */
    void check(int connections) throws Failure {
        long byPorts = usablePorts() * ADDRESSES;
        if (connections > byPorts) {
            throw new Failure(
                    "%,d connections need more ports than the %,d that this machine gives to outgoing ones: raise it with sudo sysctl -w net.ipv4.ip_local_port_range=\"1024 65535\", or use --connections %d"
                            .formatted(connections, ports, Math.min(byPorts, Math.max(1, openFiles - OTHER_FILES))));
        }
        long needed = (long) connections + OTHER_FILES;
        if (needed > openFiles) {
            throw new Failure(
                    "%,d connections need %,d open files in each of two processes, and the limit is %,d: raise it with sudo prlimit --pid $$ --nofile=%d:%d, or use --connections %d"
                            .formatted(
                                    connections,
                                    needed,
                                    openFiles,
                                    needed,
                                    needed,
                                    Math.max(1, openFiles - OTHER_FILES)));
        }
    }

    /** How many there can be, and what there can't be more for. */
    record Most(int connections, String why) {}

    /** {@return as many as there can be, {@code wanted} at most} */
    Most most(int wanted) {
        long byFiles = openFiles - OTHER_FILES;
        long byPorts = usablePorts() * ADDRESSES;
        if (wanted <= Math.min(byFiles, byPorts)) {
            return new Most(wanted, "as many as were wanted");
        }
        return byFiles <= byPorts
                ? new Most((int) Math.max(1, byFiles), "the limit of %,d open files".formatted(openFiles))
                : new Most((int) byPorts, "the %,d ports for outgoing connections".formatted(ports));
    }

    /** {@return as many addresses of this machine as {@code connections} need} */
    List<String> addresses(int connections) {
        List<String> addresses = new ArrayList<>();
        long count = Math.min(ADDRESSES, (connections + usablePorts() - 1) / usablePorts());
        for (int i = 1; i <= Math.max(1, count); i++) {
            addresses.add("127.0.0." + i);
        }
        return addresses;
    }
}
