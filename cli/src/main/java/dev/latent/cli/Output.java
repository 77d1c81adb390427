package dev.latent.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where what was measured goes: to the terminal as tables or as JSON, and to a page. */
public final class Output {
    @Option(names = "--json", description = "Print JSON instead of tables.")
    private boolean json;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Also write a page with plots, which needs no network.")
    private @Nullable Path html;

    /** Refuses a page that can't be written: before minutes of measuring, not after. */
    public void check() throws Failure {
        if (html == null) {
            return;
        }
        Path folder = html.toAbsolutePath().getParent();
        String why = null;
        if (html.toString().isEmpty()) {
            why = "name a file";
        } else if (folder == null || Files.isDirectory(html)) {
            why = "it is a folder, name a file in it";
        } else if (!Files.isDirectory(folder)) {
            why = "there is no folder " + folder + ", make it or name another";
        } else if (!Files.isWritable(Files.exists(html) ? html : folder)) {
            why = "permission denied, name a file elsewhere";
        }
        if (why != null) {
            throw new Failure("cannot write " + (html.toString().isEmpty() ? "the page" : html) + ": " + why);
        }
    }

    /**
     * Tells it.
     *
     * @param data JSON
     * @param table for people
     * @param page makes a page of JSON
     */
    public void tell(String data, Supplier<String> table, UnaryOperator<String> page) throws Failure {
        System.out.print(json ? data + "\n" : table.get());
        System.out.flush();
        if (html != null) {
            try {
                Files.writeString(html, page.apply(data));
                System.err.println("written: " + html);
            } catch (IOException e) {
                throw new Failure("cannot write " + html + ": " + e.getMessage());
            }
        }
    }
}
