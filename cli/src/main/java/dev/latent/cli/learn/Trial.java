package dev.latent.cli.learn;

import dev.latent.cli.Compile;
import dev.latent.cli.Failure;
import dev.latent.cli.Program;
import dev.latent.runtime.inspect.Tasks;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The program of the JVM in which an exercise runs: it reads the classes, runs them, and says on its error stream how that ended. */
public final class Trial {
    /** Begins the line that says how it ended. */
    static final String ENDED = "latent-learn:";

    private static final int STACK_DEPTH = 8;

    private final PrintStream outcome;

    private Trial(PrintStream outcome) {
        this.outcome = outcome;
    }

    /** Runs what stands on the input; the arguments are the source file and the seconds that it may take. */
    public static void main(String[] arguments) throws IOException, Failure {
        Trial trial = new Trial(System.err);
        System.setErr(System.out);
        Path source = Path.of(arguments[0]);
        int seconds = Integer.parseInt(arguments[1]);
        Program program = Program.asserting(source, read(System.in));
        Thread main = Thread.currentThread();
        Thread.ofPlatform().daemon().start(() -> trial.watch(main, String.valueOf(source.getFileName()), seconds));
        trial.end(run(program, source));
    }

    /** {@return how it ends} It runs on this thread, and is not bounded. */
    static Ending run(Program program, Path source) {
        try {
            program.run();
            return Ending.PASSED;
        } catch (Failure e) {
            return new Ending(Ending.Kind.WRONG, 0, String.valueOf(e.getMessage()), List.of());
        } catch (Throwable e) {
            return Ending.of(e, String.valueOf(source.getFileName()));
        }
    }

    private void watch(Thread main, String source, int seconds) {
        try {
            Thread.sleep(1_000L * seconds);
        } catch (InterruptedException e) {
            return;
        }
        StackTraceElement[] stack = main.getStackTrace();
        int line = Stream.of(stack)
                .filter(frame -> source.equals(frame.getFileName()))
                .mapToInt(StackTraceElement::getLineNumber)
                .findFirst()
                .orElse(0);
        List<String> detail = new ArrayList<>();
        if (line == 0 || !source.equals(stack[0].getFileName())) {
            Tasks.dump().lines().limit(STACK_DEPTH).forEach(detail::add);
        }
        end(Ending.endless(seconds, line, detail));
    }

    /** Once: nothing comes after it. */
    private synchronized void end(Ending ending) {
        System.out.flush();
        outcome.println(ENDED + ending.encoded());
        outcome.flush();
        Runtime.getRuntime().halt(0);
    }

    static void write(Compile.Result program, OutputStream to) throws IOException {
        DataOutputStream out = new DataOutputStream(to);
        out.writeUTF(String.valueOf(program.mainClass()));
        out.writeInt(program.classes().size());
        for (Map.Entry<String, byte[]> one : program.classes().entrySet()) {
            out.writeUTF(one.getKey());
            out.writeInt(one.getValue().length);
            out.write(one.getValue());
        }
        out.flush();
    }

    private static Compile.Result read(InputStream from) throws IOException {
        DataInputStream in = new DataInputStream(from);
        String main = in.readUTF();
        Map<String, byte[]> classes = new HashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            String name = in.readUTF();
            byte[] bytes = new byte[in.readInt()];
            in.readFully(bytes);
            classes.put(name, bytes);
        }
        return new Compile.Result(true, "", main, classes);
    }
}
