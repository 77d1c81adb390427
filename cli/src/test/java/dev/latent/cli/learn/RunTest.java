package dev.latent.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.cli.learn.Verdict.Ran;
import dev.latent.cli.learn.Verdict.Refused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What learners write, in a JVM of its own. */
class RunTest {
    @TempDir
    Path folder;

    private Verdict check(String source, int seconds) throws Exception {
        return new Check(seconds).of(Files.writeString(folder.resolve("Lazy1.java"), source));
    }

    private Run run(String source, int seconds) throws Exception {
        return assertInstanceOf(Ran.class, check(source, seconds)).run();
    }

    private Ending ending(String source) throws Exception {
        return run(source, 30).ending();
    }

    @Test
    void solved() throws Exception {
        Run run = run("void main() { IO.println(\"tea\"); assert 1 + 1 == 2; }", 30);
        assertEquals(Ending.PASSED, run.ending());
        assertEquals(List.of("tea"), run.printed());
    }

    @Test
    void whatIsAssertedIsLookedAt() throws Exception {
        Ending ending = ending("void main() {\n    assert 1 + 1 == 3 : \"two\";\n}\n");
        assertEquals(new Ending(Ending.Kind.WRONG, 2, "two", List.of()), ending);
    }

    @Test
    void aMessageThatThrowsIsToldAsThat() throws Exception {
        Ending ending = ending("""
                class Shy extends RuntimeException {
                    @Override public String getMessage() { throw new IllegalStateException(); }
                }
                void main() {
                    throw new Shy();
                }
                """);
        assertEquals(Ending.Kind.THREW, ending.kind());
        assertEquals(5, ending.line());
        assertTrue(
                ending.message().endsWith("Shy, whose message can't be told: it threw java.lang.IllegalStateException"),
                ending.message());
    }

    @Test
    void aLoopWithoutAnEnd() throws Exception {
        Ending ending = run("void main() {\n    while (true) {}\n}\n", 1).ending();
        assertEquals(Ending.Kind.ENDLESS, ending.kind());
        assertEquals(2, ending.line());
        assertEquals(List.of(), ending.detail());
    }

    /** What its tasks wait for says more than where its thread is. */
    @Test
    void aWaitForWhatNeverComes() throws Exception {
        Ending ending = run("""
                import static dev.latent.Async.*;
                dev.latent.Future<Void> visitor() { return async(() -> await(dev.latent.Futures.pending())); }
                void main() throws Exception { dev.latent.runtime.Latent.blockOn(visitor()); }
                """, 1).ending();
        assertEquals(Ending.Kind.ENDLESS, ending.kind());
        assertEquals(3, ending.line());
        assertTrue(ending.detail().toString().contains("Lazy1.visitor(Lazy1.java:2)"), ending.toString());
    }

    @Test
    void outputWithoutAnEnd() throws Exception {
        Run run = run("void main() { for (long i = 0; ; i++) IO.println(\"line \" + i); }", 1);
        assertEquals(Ending.Kind.ENDLESS, run.ending().kind());
        assertEquals("line 0", run.printed().getFirst());
        assertTrue(
                run.printed().size() <= 20 && run.more() > 1_000, run.printed().size() + " and " + run.more());
    }

    @Test
    void aLineWithoutAnEnd() throws Exception {
        Run run = run("void main() { while (true) System.out.print(\"xxxxxxxxxx\"); }", 1);
        assertEquals(Ending.Kind.ENDLESS, run.ending().kind());
        assertTrue(run.printed().getFirst().length() <= 160);
    }

    @Test
    void itLeavesByItself() throws Exception {
        assertTrue(ending("void main() { System.exit(0); }").message().contains("exit code 0"));
        assertTrue(ending("void main() { Runtime.getRuntime().halt(9); }")
                .message()
                .contains("exit code 9"));
    }

    @Test
    void itSaysThatItEndedWellAndDidNot() throws Exception {
        Ending ending = ending("void main() { System.err.println(\"latent-learn:AAAAAAAAAAA=\"); assert false; }");
        assertEquals(Ending.Kind.WRONG, ending.kind());
    }

    @Test
    void noStackAndNoMemory() throws Exception {
        Ending deep = ending("void main() { main(); }");
        assertEquals("java.lang.StackOverflowError", deep.message());
        assertTrue(deep.detail().size() <= 12);
        Ending full = ending(
                "void main() { var all = new java.util.ArrayList<byte[]>(); while (true) all.add(new byte[1_000_000]); }");
        assertTrue(full.message().startsWith("java.lang.OutOfMemoryError"), full.message());
    }

    @Test
    void aThreadThatGoesOn() throws Exception {
        assertEquals(Ending.PASSED, ending("void main() { new Thread(() -> { while (true) {} }).start(); }"));
    }

    @Test
    void noProgram() throws Exception {
        Ending ending = ending("class A {}");
        assertTrue(ending.message().startsWith("there is no main method in class A"), ending.message());
        Refused empty = assertInstanceOf(Refused.class, check("", 30));
        assertEquals(
                "Lazy1.java: there is no class in it",
                empty.complaints().getFirst().text());
    }

    @Test
    void aSyntaxError() throws Exception {
        Refused refused = assertInstanceOf(Refused.class, check("void main() {\n    int x = ;\n}\n", 30));
        assertEquals(1, refused.complaints().size());
        assertEquals(2, refused.complaints().getFirst().line());
        assertTrue(
                refused.complaints().getFirst().text().startsWith("Lazy1.java:2: error: illegal start of expression"),
                refused.complaints().getFirst().text());
    }

    @Test
    void noFile() throws Exception {
        assertInstanceOf(Verdict.Gone.class, new Check(30).of(folder.resolve("Lazy2.java")));
    }
}
