package dev.latent.cli.learn;

import dev.latent.cli.Compile;
import dev.latent.cli.Failure;
import dev.latent.cli.learn.Verdict.Complaint;
import dev.latent.cli.learn.Verdict.Gone;
import dev.latent.cli.learn.Verdict.Ran;
import dev.latent.cli.learn.Verdict.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;

/**
 * Checks exercises: a file is solved that compiles without a word of Latent's, and whose main ends with all that it asserts being so.
 *
 * @param seconds that a program may take
 */
public record Check(int seconds) {
    /** What is only noted elsewhere is a lesson here. */
    private static final List<String> OPTIONS = List.of("-Alatent.lint=sequential-awaits:warning");

    private static final Pattern ID = Pattern.compile("\\[latent:([a-z-]+)]");

    /** Where the program runs. */
    interface Runner {
        Run run(Path source, Compile.Result program) throws Failure, IOException, InterruptedException;
    }

    /** {@return what is to be said of {@code file}} */
    public Verdict of(Path file) throws Failure, InterruptedException {
        return of(file, (source, program) -> Run.of(source, program, seconds));
    }

    Verdict of(Path file, Runner runner) throws Failure, InterruptedException {
        try {
            if (!Files.isRegularFile(file)) {
                return new Gone();
            }
            List<Diagnostic<? extends JavaFileObject>> said = new ArrayList<>();
            Compile.Result result = Compile.file(file, OPTIONS, said::add);
            List<Complaint> complaints = new ArrayList<>();
            for (Diagnostic<? extends JavaFileObject> one : said) {
                String id = id(one);
                if (one.getKind() == Diagnostic.Kind.ERROR || !id.isEmpty()) {
                    complaints.add(complaint(file, id, one));
                }
            }
            if (!result.compiled() && complaints.isEmpty()) {
                complaints.add(new Complaint("", 0, result.said().strip()));
            }
            if (complaints.isEmpty() && result.mainClass() == null) {
                complaints.add(new Complaint("", 0, file.getFileName() + ": there is no class in it"));
            }
            if (!complaints.isEmpty()) {
                return new Refused(complaints);
            }
            return new Ran(runner.run(file, result));
        } catch (IOException e) {
            throw new Failure("cannot check " + file + ": " + Folder.reason(e));
        }
    }

    private static String id(Diagnostic<?> diagnostic) {
        Matcher id = ID.matcher(diagnostic.getMessage(null));
        return id.find() ? id.group(1) : "";
    }

    private static Complaint complaint(Path file, String id, Diagnostic<?> diagnostic) {
        String text = diagnostic.toString().strip();
        String path = file.toString();
        if (text.startsWith(path)) {
            text = file.getFileName() + text.substring(path.length());
        }
        return new Complaint(id, (int) Math.max(0, diagnostic.getLineNumber()), text);
    }
}
