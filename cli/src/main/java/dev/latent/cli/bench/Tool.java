package dev.latent.cli.bench;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A command of somebody else's. */
public enum Tool {
    CARGO("cargo", "install Rust 1.85 or newer"),
    DD("dd", "install coreutils"),
    GO("go", "install Go 1.24 or newer"),
    MAVEN("mvn", "install Maven 3.8.6 or newer"),
    NODE("node", "install Node.js 18 or newer"),
    NGINX("nginx", "tools/install-bench"),
    PIGZ("pigz", "tools/install-bench"),
    PYTHON("python3", "install Python 3.11 or newer"),
    STRACE("strace", "tools/install-bench"),
    WRK("wrk", "tools/install-bench"),
    ZSTD("zstd", "tools/install-bench");

    /** Where servers are that people don't start by hand, and not everybody has it on the path. */
    private static final String SERVERS = "/usr/sbin";

    private final String command;
    private final String remedy;

    Tool(String command, String remedy) {
        this.command = command;
        this.remedy = remedy;
    }

    /** {@return its name on the path} */
    public String command() {
        return command;
    }

    /** {@return what to do where it is missing} */
    public String remedy() {
        return remedy;
    }

    /** {@return where it is} */
    public Optional<Path> find() {
        String path = System.getenv("PATH");
        String all = path == null ? SERVERS : path + File.pathSeparator + SERVERS;
        for (String folder : all.split(File.pathSeparator)) {
            Path file = Path.of(folder.isEmpty() ? "." : folder, command);
            if (Files.isExecutable(file) && !Files.isDirectory(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }
}
