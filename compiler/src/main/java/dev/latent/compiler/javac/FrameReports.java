package dev.latent.compiler.javac;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.model.Options;
import dev.latent.compiler.names.Core;
import dev.latent.compiler.weave.FrameReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/** What is said of the frames of one run of javac: those that are too large, and all of them in a file. */
final class FrameReports {
    static final String FILE = "latent.report";
    static final String LIMIT = "latent.large.frame";

    /** In bytes: room for some fifty references. */
    private static final int DEFAULT_LIMIT = 256;

    private final Options options;
    private final String file;
    private final int limit;
    private final int inherited;
    private final List<Entry> all = new ArrayList<>();

    private record Entry(String type, int line, String method, String text) {}

    FrameReports(Options options, Elements elements) {
        this.options = options;
        this.file = options.get(FILE, s -> s);
        this.limit = options.get(LIMIT, FrameReports::limit);
        this.inherited = inherited(elements);
    }

    /** {@return the bytes of the fields that every frame has} */
    private static int inherited(Elements elements) {
        int bytes = 0;
        TypeElement element = elements.getTypeElement(Core.FRAME);
        while (element != null) {
            for (VariableElement field : ElementFilter.fieldsIn(element.getEnclosedElements())) {
                if (!field.getModifiers().contains(Modifier.STATIC)) {
                    bytes += FrameReport.size(
                            switch (field.asType().getKind()) {
                                case BOOLEAN, BYTE -> "B";
                                case CHAR, SHORT -> "S";
                                case LONG, DOUBLE -> "J";
                                default -> "I";
                            });
                }
            }
            element = element.getSuperclass() instanceof DeclaredType d ? (TypeElement) d.asElement() : null;
        }
        return bytes;
    }

    private static int limit(String option) {
        if (option.isEmpty()) {
            return DEFAULT_LIMIT;
        }
        if (!option.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("is no number of bytes: " + option);
        }
        return Integer.parseInt(option);
    }

    /** Says what is to be said of {@code frame} at once. */
    void add(FrameReport frame, CompilationUnitTree unit, BodyTrees bodies, Analysis analysis) {
        if (file.equals("-")) {
            options.note(text(frame).strip());
        } else if (!file.isEmpty()) {
            all.add(new Entry(
                    frame.type(), frame.line(), frame.method(), file.endsWith(".json") ? json(frame) : text(frame)));
        }
        int bytes = frame.bytes(inherited);
        if (bytes > limit && bodies.pathAt(unit, frame.line()) instanceof TreePath path) {
            FrameReport.Await most = frame.awaits().stream()
                    .max(Comparator.comparingInt(a -> a.keeps().size()))
                    .orElse(new FrameReport.Await(frame.line(), List.of()));
            analysis.report(
                    Rule.LARGE_FRAME,
                    path,
                    "the frame of this body has " + bytes + " bytes, and keeps "
                            + most.keeps().size() + " values at the await of line " + most.line(),
                    "move a part of it to an async method, or let variables end before they wait; -A" + FILE
                            + "=frames.txt tells which they are");
        }
    }

    /** Writes the file, if one is wanted; JSON where its name says so. */
    void write() {
        if (all.isEmpty()) {
            return;
        }
        boolean json = file.endsWith(".json");
        String text = all.stream()
                .sorted(Comparator.comparing(Entry::type)
                        .thenComparing(Entry::line)
                        .thenComparing(Entry::method))
                .map(Entry::text)
                .collect(Collectors.joining(json ? ",\n" : "\n"));
        try {
            Path out = Path.of(file).toAbsolutePath();
            Files.createDirectories(out.getParent());
            Files.writeString(out, json ? "[\n" + text + "\n]\n" : text);
        } catch (IOException e) {
            options.error("-A" + FILE + " names a file that can't be written: " + e);
        }
    }

    private String text(FrameReport frame) {
        StringBuilder out = new StringBuilder();
        out.append("%s.%s (%s:%d): %d bytes\n"
                .formatted(frame.type(), frame.method(), frame.file(), frame.line(), frame.bytes(inherited)));
        if (!frame.fields().isEmpty()) {
            out.append("  fields: ")
                    .append(frame.fields().stream().map(f -> f.displayName()).collect(Collectors.joining(", ")))
                    .append('\n');
        }
        for (FrameReport.Await await : frame.awaits()) {
            String keeps = await.keeps().stream()
                    .map(k ->
                            k.name() == null ? k.type().displayName() : k.type().displayName() + " " + k.name())
                    .collect(Collectors.joining(", "));
            out.append("  line %d keeps %s\n".formatted(await.line(), keeps.isEmpty() ? "nothing" : keeps));
        }
        return out.toString();
    }

    private String json(FrameReport frame) {
        String fields =
                frame.fields().stream().map(f -> quoted(f.displayName())).collect(Collectors.joining(", "));
        String awaits = frame.awaits().stream()
                .map(a -> "{\"line\": %d, \"keeps\": [%s]}"
                        .formatted(
                                a.line(),
                                a.keeps().stream()
                                        .map(k -> "{\"name\": %s, \"type\": %s}"
                                                .formatted(
                                                        k.name() == null ? "null" : quoted(k.name()),
                                                        quoted(k.type().displayName())))
                                        .collect(Collectors.joining(", "))))
                .collect(Collectors.joining(", "));
        return "{\"class\": %s, \"method\": %s, \"file\": %s, \"line\": %d, \"bytes\": %d, \"fields\": [%s], \"awaits\": [%s]}"
                .formatted(
                        quoted(frame.type()),
                        quoted(frame.method()),
                        quoted(frame.file()),
                        frame.line(),
                        frame.bytes(inherited),
                        fields,
                        awaits);
    }

    /** Names of Java and of files that javac reads: no control characters. */
    private static String quoted(String name) {
        return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
