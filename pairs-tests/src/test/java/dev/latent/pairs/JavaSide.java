package dev.latent.pairs;

import dev.latent.compiler.tool.PostCompile;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Ours, compiled with the weaver and run in virtual time; and what others do in Java, compiled without it. */
final class JavaSide {
    private static final String VIRTUAL =
            "dev.latent.runtime.Latent.system().with(dev.latent.world.Clock.class, new dev.latent.world.VirtualClock())";

    private JavaSide() {}

    static Side ours(PairsPage page, Path out) throws Exception {
        return new JvmSide(
                out, "Ours", compile(page, PairsPage.OURS, "Ours", out, List.of("-processorpath", weaver())));
    }

    static Side theirs(PairsPage page, Path out) throws Exception {
        return new JvmSide(out, "Theirs", compile(page, "java theirs", "Theirs", out, List.of("-proc:none")));
    }

    private static List<String> compile(PairsPage page, String language, String name, Path out, List<String> more) {
        StringBuilder source = new StringBuilder(page.all(language, PairsPage.Kind.IMPORTS));
        source.append("public class ").append(name).append(" {\n").append(page.all(language, PairsPage.Kind.ONCE));
        List<String> headings = new ArrayList<>();
        for (PairsPage.Block side : page.sides(language)) {
            source.append("public void pair").append(headings.size()).append("() throws Exception {\n");
            source.append(language.equals(PairsPage.OURS) ? ours(side) : side.text());
            source.append("}\n");
            headings.add(side.heading());
        }
        source.append("}\n");

        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        List<String> options = new ArrayList<>(List.of("-d", out.toString(), "-classpath", JvmSide.CLASS_PATH));
        options.addAll(more);
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignore) {
                        return source;
                    }
                };
        if (!javac.getTask(messages, null, null, options, null, List.of(file)).call()) {
            throw new AssertionError(page.name() + " does not compile:\n" + messages + "\n" + numbered(source));
        }
        return headings;
    }

    private static String ours(PairsPage.Block side) {
        String body = "dev.latent.runtime.Latent.blockOn(async(() -> {\n" + side.text() + "})";
        return switch (side.kind()) {
            case BODY -> body + ", " + VIRTUAL + ");\n";
            case REAL -> body + ");\n";
            default -> side.text();
        };
    }

    static String numbered(CharSequence source) {
        StringBuilder numbered = new StringBuilder();
        int[] line = new int[1];
        source.toString()
                .lines()
                .forEach(l -> numbered.append(++line[0]).append(": ").append(l).append('\n'));
        return numbered.toString();
    }

    private static String weaver() throws Exception {
        return Path.of(PostCompile.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
    }
}
