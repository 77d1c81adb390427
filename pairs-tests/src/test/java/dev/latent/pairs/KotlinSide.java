package dev.latent.pairs;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.kotlin.cli.common.ExitCode;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;

/** What is done in Kotlin: bodies run in the virtual time of {@code runTest}. */
final class KotlinSide {
    private KotlinSide() {}

    static Side of(PairsPage page, Path out) throws Exception {
        StringBuilder source = new StringBuilder(page.all("kotlin", PairsPage.Kind.IMPORTS));
        source.append("class Theirs {\n").append(page.all("kotlin", PairsPage.Kind.ONCE));
        List<String> headings = new ArrayList<>();
        for (PairsPage.Block side : page.sides("kotlin")) {
            boolean suspends = side.kind() == PairsPage.Kind.BODY;
            source.append("fun pair").append(headings.size()).append("() {\n");
            source.append(suspends ? "kotlinx.coroutines.test.runTest {\n" : "");
            source.append(side.text()).append(suspends ? "}\n" : "").append("}\n");
            headings.add(side.heading());
        }
        source.append("}\n");

        Path file = Files.writeString(out.resolve("Theirs.kt"), source);
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        ExitCode code = new K2JVMCompiler()
                .exec(
                        new PrintStream(messages, true, StandardCharsets.UTF_8),
                        "-no-stdlib",
                        "-no-reflect",
                        "-nowarn",
                        "-classpath",
                        JvmSide.CLASS_PATH,
                        "-d",
                        out.toString(),
                        file.toString());
        if (code != ExitCode.OK) {
            throw new AssertionError(page.name() + " does not compile:\n" + messages.toString(StandardCharsets.UTF_8)
                    + "\n" + JavaSide.numbered(source));
        }
        return new JvmSide(out, "Theirs", headings);
    }
}
