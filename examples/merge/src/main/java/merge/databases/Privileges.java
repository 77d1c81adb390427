package merge.databases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Whom a database runs as: PostgreSQL refuses root. */
final class Privileges {
    private static final String NOBODY = "65534";

    private Privileges() {}

    /** {@return what to put before a command so that it runs in a session of its own, if this machine can} */
    static List<String> ownSession() {
        return works("setsid", "true") ? List.of("setsid") : List.of();
    }

    /**
     * {@return what to put before a command so that it does not run as root} A user namespace has no root and leaves the files alone; where there is none, it is nobody, who
     * gets the folder.
     */
    static List<String> without(Path folder, Path files) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return List.of();
        }
        if (works("unshare", "-U", "true")) {
            return List.of("unshare", "-U");
        }
        List<String> nobody = List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
        if (works(
                nobody.getFirst(),
                nobody.get(1),
                nobody.get(2),
                nobody.get(3),
                files.resolve("bin/postgres").toString(),
                "--version")) {
            Files.setAttribute(folder, "unix:uid", Integer.parseInt(NOBODY));
            Files.setPosixFilePermissions(folder.getParent(), PosixFilePermissions.fromString("rwx--x--x"));
            return nobody;
        }
        throw new IOException(
                "postgres does not run as root, and neither unshare nor setpriv can make it another user: start this as another user, or give a database by --postgres");
    }

    private static boolean works(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor(10, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
            return false;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
