package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import javax.tools.Diagnostic;
import org.junit.jupiter.api.Test;

/** How much a rule weighs: by the build's option, by {@code @SuppressWarnings}, under {@code -Werror}. */
class LevelsTest {
    private static final String OUTSIDE = """
            import static dev.latent.Async.*;
            import dev.latent.*;
            class T {
                String m(Future<String> f) throws Exception { return await(f); }
            }
            """;

    private static Javac.Result compile(String... options) throws Exception {
        return Javac.compile(List.of(options), Map.of("T", OUTSIDE));
    }

    private static List<Diagnostic.Kind> kinds(Javac.Result result) {
        return result.diagnostics().stream().map(d -> d.getKind()).toList();
    }

    @Test
    void theBuildMayChangeTheLevelOfARule() throws Exception {
        assertEquals(List.of(Diagnostic.Kind.ERROR), kinds(compile()));
        assertEquals(List.of(Diagnostic.Kind.WARNING), kinds(compile("-Alatent.lint=await-outside-async:warning")));
        assertEquals(
                List.of(Diagnostic.Kind.NOTE),
                kinds(compile("-Alatent.lint= not-woven:off , await-outside-async:note,")));
        assertEquals(List.of(), kinds(compile("-Alatent.lint=await-outside-async:off")));
    }

    @Test
    void aWarningFailsTheBuildUnderWerror() throws Exception {
        assertTrue(kinds(compile("-Werror", "-Alatent.lint=await-outside-async:warning"))
                .contains(Diagnostic.Kind.ERROR));
    }

    @Test
    void aRuleOrLevelThatThereIsNotIsAnError() throws Exception {
        String rule = compile("-Alatent.lint=await-outside:off").errors().toString();
        assertTrue(
                rule.contains(
                        "-Alatent.lint names no rule \"await-outside\" (await-outside-async?); there are await-outside-async,"),
                rule);
        String level = compile("-Alatent.lint=await-outside-async").errors().toString();
        assertTrue(level.contains("await-outside-async:off, :note, :warning or :error"), level);
    }

    @Test
    void anOptionWithoutAValueChangesNothing() throws Exception {
        for (String option : List.of("-Alatent.lint", "-Alatent.lint=", "-Alatent.blocking", "-Alatent.proxies=")) {
            assertEquals(List.of(Diagnostic.Kind.ERROR), kinds(compile(option)), option);
        }
    }

    /** With this option, which Error Prone wants, the lints see what javac has found errors in. */
    @Test
    void aSuppressionThatIsWrongItselfSuppressesNothing() throws Exception {
        for (String values : List.of("Nowhere.ID", "3", "{1, \"x\"}", "null", "\"a\" + X")) {
            String source = OUTSIDE.replace("String m", "@SuppressWarnings(" + values + ") String m");
            String errors = Javac.compile(List.of("-XDshould-stop.ifError=FLOW"), Map.of("T", source))
                    .errors()
                    .toString();
            assertTrue(errors.contains("[latent:await-outside-async]"), errors);
        }
    }

    @Test
    void suppressedWhereItIsDeclared() throws Exception {
        for (String place : List.of("class T", "String m")) {
            String source = OUTSIDE.replace(place, "@SuppressWarnings(\"latent:await-outside-async\") " + place);
            assertEquals(List.of(), kinds(Javac.compile(List.of(), Map.of("T", source))));
        }
    }

    @Test
    void aSuppressionOfNoRuleIsSaid() throws Exception {
        List<String> said = Marked.check(List.of(), """
                class T {
                    static final String ID = "latent:nothing-like-it";
                    @SuppressWarnings("latent:unusd-future") // unknown-suppression
                    void a() {}
                    @SuppressWarnings({"unused", "latent:use-after-move",
                            "latent:moved", // unknown-suppression
                            "rawtypes"})
                    void b() {}
                    @SuppressWarnings("latent:unknown-suppression")
                    void c(@SuppressWarnings(value = "latent:x") int n) {}
                    @SuppressWarnings(ID)
                    void d() {}
                    @Deprecated(since = "latent:x")
                    void e() {}
                }
                """);
        assertTrue(said.getFirst().contains("\n  write \"latent:unused-future\"\n"), said::toString);
        assertTrue(said.getLast().contains("write the id that the diagnostic shows in brackets"), said::toString);
    }

    @Test
    void whatCannotBeWovenIsAnErrorAllTheSame() throws Exception {
        String errors = Javac.compile(List.of("-Alatent.lint=async-method-reference:off"), Map.of("T", """
                        import static dev.latent.Async.*;
                        import dev.latent.*;
                        class T {
                            static String now() { return "n"; }
                            Future<String> m() { return async(T::now); }
                        }
                        """))
                .errors()
                .toString();
        assertTrue(errors.contains("T.java:5: [latent:async-method-reference]"), errors);
    }
}
