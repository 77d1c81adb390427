package dev.latent.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;

/**
 * Something that has to be built before it is measured, or to be there.
 *
 * @param command empty where there is nothing to build
 * @param artifact what is there afterwards, in the repository
 * @param sources files and folders in the repository that it is made of
 */
public record Part(String name, Tool tool, List<String> command, String artifact, List<String> sources) {
    private static final String PEERS = "bench/peers/";

    /** {@return what nobody builds here} */
    public static Part installed(Tool tool) {
        return new Part(tool.command(), tool, List.of(), tool.command(), List.of());
    }

    /** {@return a file of bytes that nobody can compress} */
    static Part random(String file, int bytes) {
        String folder = file.substring(0, file.lastIndexOf('/'));
        String made = "mkdir -p %s && dd if=/dev/urandom of=%s bs=%d count=1 iflag=fullblock status=none"
                .formatted(folder, file, bytes);
        return new Part(file, Tool.DD, List.of("sh", "-c", made), file, List.of());
    }

    static Part rust(String crate) {
        String folder = PEERS + crate;
        return new Part(
                crate,
                Tool.CARGO,
                List.of("cargo", "build", "--release", "--quiet", "--manifest-path", folder + "/Cargo.toml"),
                folder + "/target/release/" + binary(crate),
                List.of(folder + "/Cargo.toml", folder + "/src"));
    }

    private static String binary(String crate) {
        return crate.equals("load") ? "latent-load" : "latent-peer-" + crate;
    }

    static Part maven(String peer) {
        String folder = PEERS + peer;
        return new Part(
                peer,
                Tool.MAVEN,
                List.of("mvn", "-q", "-B", "-ntp", "-f", folder + "/pom.xml", "package"),
                folder + "/target/latent-peer-" + peer + ".jar",
                List.of(folder + "/pom.xml", folder + "/src"));
    }

    static Part go(String peer) {
        String folder = PEERS + peer;
        return new Part(
                peer,
                Tool.GO,
                List.of("go", "build", "-C", folder, "-o", "target/latent-peer-" + peer, "."),
                folder + "/target/latent-peer-" + peer,
                List.of(folder + "/go.mod", folder + "/main.go"));
    }

    /** {@return what to say where its tool is missing} */
    String withoutTool() {
        return command.isEmpty()
                ? tool.command() + " is not on the PATH (" + tool.remedy() + ")"
                : tool.command() + " is not on the PATH, so " + name + " cannot be built (" + tool.remedy() + ")";
    }

    /** {@return whether it is there, and newer than all it is made of} */
    boolean isBuilt(Path root) throws IOException {
        if (command.isEmpty()) {
            return tool.find().isPresent();
        }
        Path built = root.resolve(artifact);
        if (!Files.exists(built)) {
            return false;
        }
        FileTime when = Files.getLastModifiedTime(built);
        for (String source : sources) {
            try (Stream<Path> files = Files.walk(root.resolve(source))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (Files.getLastModifiedTime(file).compareTo(when) > 0) {
                        return false;
                    }
                }
            }
        }
        return true;
    }
}
