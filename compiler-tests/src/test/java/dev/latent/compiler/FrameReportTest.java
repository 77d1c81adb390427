package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameReportTest {
    private static final String ALL_KINDS = """
            import static dev.latent.Async.*;
            import dev.latent.Future;
            class T {
                @SuppressWarnings("latent:null-future") static Future<Integer> f(Object... more) { return null; }
                static Future<Integer> m(byte b, char c, float f, double d, long l, String s) {
                    return async(() -> {
                        boolean z = b > c;
                        int[] array = new int[3];
                        await(f());
                        array[0] = await(f(z, b, c));
                        try (AutoCloseable r = () -> {}) {
                            await(f(f, d));
                        }
                        return await(f(l, s, array));
                    });
                }
            }
            """;

    @TempDir
    Path folder;

    private String report(String file, String name, String source, String... options) throws Exception {
        Path out = folder.resolve(file);
        List<String> all = Stream.concat(Stream.of("-Alatent.report=" + out), Stream.of(options))
                .toList();
        compiled = Javac.compile(all, Map.of(name, source));
        assertEquals(List.of(), compiled.diagnostics());
        return Files.readString(out);
    }

    private Javac.Result compiled;

    @Test
    void thePageShowsARealOne() throws Exception {
        Matcher page = Pattern.compile("(?s)```java\n(.*?)```.*```text\n(.*?)```")
                .matcher(Files.readString(Path.of("../docs/frames.md")));
        assertTrue(page.find());
        assertEquals(page.group(2), report("frames.txt", "Shop", page.group(1), "-g"));
    }

    @Test
    void theBytesAreThoseOfTheClass() throws Exception {
        String json = report("frames.json", "T", ALL_KINDS, "-g");
        Matcher bytes = Pattern.compile("\"bytes\": (\\d+)").matcher(json);
        assertTrue(bytes.find(), json);
        int fields = 0;
        for (Class<?> c = compiled.loader().loadClass("T$async$m$0"); c != null; c = c.getSuperclass()) {
            for (Field field : c.getDeclaredFields()) {
                fields += Modifier.isStatic(field.getModifiers()) ? 0 : size(field.getType());
            }
        }
        assertEquals((12 + fields + 7) / 8 * 8, Integer.parseInt(bytes.group(1)), json);
    }

    private static int size(Class<?> type) {
        return type == long.class || type == double.class
                ? 8
                : type == byte.class || type == boolean.class ? 1 : type == char.class || type == short.class ? 2 : 4;
    }

    @Test
    void eachAwaitTellsWhatItKeeps() throws Exception {
        String text = report("frames.txt", "T", ALL_KINDS, "-g");
        List<String> lines = text.lines().map(String::strip).toList();
        assertTrue(lines.getFirst().startsWith("T.m (T.java:7): "), text);
        assertEquals(
                "line 9 keeps byte b, char c, float f, double d, long l, String s, boolean z, int[] array",
                lines.get(2),
                text);
        assertTrue(lines.get(3).startsWith("line 10 keeps float f, double d, long l, String s, int[] array"), text);
        assertEquals("line 12 keeps long l, String s, int[] array, AutoCloseable r", lines.get(4), text);
        assertEquals("line 14 keeps nothing", lines.get(5), text);
    }

    @Test
    void withoutNamesTheTypesAreLeft() throws Exception {
        String text = report("frames.txt", "T", ALL_KINDS, "-g:none");
        assertTrue(text.contains("line 0 keeps long, String, int[], AutoCloseable\n"), text);
    }

    @Test
    void itsFolderIsMade() throws Exception {
        assertTrue(report("target/more/frames.txt", "T", ALL_KINDS).contains("T.m (T.java:7): "));
    }

    @Test
    void asNotes() throws Exception {
        List<String> notes = Javac.compile(List.of("-Alatent.report=-"), Map.of("T", ALL_KINDS))
                .of(javax.tools.Diagnostic.Kind.NOTE);
        assertEquals(1, notes.size(), notes.toString());
        assertTrue(notes.getFirst().contains("T.m (T.java:7): "), notes.toString());
    }

    @Test
    void aFileThatCantBeWrittenIsAnError() throws Exception {
        Files.writeString(folder.resolve("file"), "");
        List<String> errors = Javac.compile(
                        List.of("-Alatent.report=" + folder.resolve("file/frames.txt")), Map.of("T", ALL_KINDS))
                .errors();
        assertEquals(1, errors.size(), errors.toString());
        assertTrue(errors.getFirst().contains("-Alatent.report names a file that can't be written"), errors.toString());
    }

    @Test
    void aLargeFrame() throws Exception {
        String source = ALL_KINDS.replace("boolean z = b > c;", "boolean z = b > c; // large-frame");
        List<String> said = Marked.check(List.of("-Alatent.large.frame=64"), source);
        assertTrue(said.getFirst().contains("keeps 8 values at the await of line 9"), said.toString());
        Marked.check(List.of(), ALL_KINDS);
        Marked.check(
                List.of("-Alatent.large.frame=64"),
                ALL_KINDS.replace(
                        "static Future<Integer> m",
                        "@SuppressWarnings(\"latent:large-frame\") static Future<Integer> m"));
        List<String> wrong = Javac.compile(List.of("-Alatent.large.frame=x"), Map.of("T", ALL_KINDS))
                .errors();
        assertEquals(1, wrong.size(), wrong.toString());
        assertTrue(wrong.getFirst().contains("-Alatent.large.frame is no number of bytes: x"), wrong.toString());
    }
}
