package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a dropped future has left half done, and who goes on with it. */
class UsedHalfDoneTest {
    private static final String HEAD = """
            import static dev.latent.Async.*;
            import dev.latent.*;
            import dev.latent.Future;
            import dev.latent.io.*;
            import dev.latent.stream.*;
            import java.io.IOException;
            import java.nio.ByteBuffer;
            import java.time.Duration;
            import java.util.concurrent.*;
            class T {
                static final Duration SECOND = Duration.ofSeconds(1);
                static Future<Void> nothing() { return async(() -> await(yieldNow())); }
                static <T> T use(T value) { return value; }
                TcpStream field;
                Future<Void> line(AsyncWriter to, ByteBuffer bytes) {
                    return async(() -> { await(to.write(bytes)); await(to.flush()); });
                }
                Future<Void> pump(AsyncReader from, AsyncWriter to) {
                    return async(() -> { await(nothing()); await(Io.copy(from, to)); });
                }
                Future<Void> toField(ByteBuffer bytes) { return field.write(bytes); }
            """;

    private static List<String> check(String body) throws Exception {
        return Marked.check(List.of(), HEAD + body + "}\n");
    }

    private static List<String> body(String statements) throws Exception {
        return check("""
                Future<Void> m(TcpStream s, TcpStream t, ByteBuffer a, ByteBuffer b, Emitter<String> out, AsyncBufWriter lines,
                        FramedWriter<String> frames, boolean c) {
                    return async(() -> {
                """ + statements + "        });\n    }\n");
    }

    @Test
    void behindASelectWhoseOutcomeNobodyTakes() throws Exception {
        List<String> said = body("""
                var read = s.read(b);
                var write = s.write(a);
                await(select(read, write));
                await(s.write(b)); // used-half-done
                await(select(Futures.map(t.write(a), x -> 3), sleep(SECOND)));
                await(t.writeAll(b)); // used-half-done
                """);
        assertTrue(said.getFirst().contains("the select on line 27 may have dropped `write` half-way"), said::toString);
        assertTrue(said.getFirst().contains("this goes on with `s` behind the half that is done"), said::toString);
    }

    @Test
    void inTheCaseOfAnotherBranch() throws Exception {
        body("""
                switch (await(select(s.read(b), s.write(a)))) {
                    case First(_) -> await(s.write(b)); // used-half-done
                    case Second(_) -> await(s.write(b));
                }
                """);
        body("""
                var outcome = await(selectBiased(s.write(a), nothing(), nothing()));
                switch (outcome) {
                    case First(_) -> await(s.write(b));
                    case Second<?, ?, ?, ?> won -> { use(won); return; }
                    case Third(_) -> {
                        if (c) await(s.write(b)); // used-half-done
                    }
                }
                """);
    }

    @Test
    void whereATimeLimitHasPassed() throws Exception {
        body("""
                try {
                    await(timeout(SECOND, line(s, a)));
                    await(s.write(b));
                } catch (TimeoutException e) {
                    await(s.write(b)); // used-half-done
                } catch (IOException e) {
                    await(s.write(b));
                }
                if (await(withTimeout(SECOND, pump(t, s))) instanceof Timed.TooLate) {
                    await(line(s, b)); // used-half-done
                    return;
                }
                await(line(s, b));
                """);
        body("""
                await(withTimeout(SECOND, Io.copyBidirectional(s, t)));
                await(t.write(a)); // used-half-done
                switch (await(withTimeout(SECOND, toField(a)))) {
                    case Timed.InTime(_) -> await(field.write(b));
                    case Timed.TooLate() -> await(this.field.write(b)); // used-half-done
                }
                """);
        body("""
                try {
                    await(timeout(SECOND, out.emit("x")));
                } catch (TimeoutException e) {
                    use(e);
                }
                await(out.emit("y")); // used-half-done
                """);
    }

    @Test
    void byABodyOfItsOwn() throws Exception {
        body("""
                await(select(async(() -> { while (true) await(t.write(a)); }), sleep(SECOND)));
                await(t.write(b)); // used-half-done
                """);
        body("""
                AsyncRunnable loop = () -> {
                    while (true) {
                        await(select(nothing(), line(s, ByteBuffer.allocate(3)))); // used-half-done
                    }
                };
                await(async(loop));
                """);
    }

    @Test
    void aMethodOfOnesOwn() throws Exception {
        check("""
                interface Sink {
                    @LeavesHalf @NotCancelSafe Future<Void> put(String text);
                    Future<Void> whole(String text);
                }
                record Ended(Sink sink) {
                    Future<Void> m(Sink own, String text) {
                        return async(() -> {
                            await(select(own.put(text), sleep(SECOND)));
                            await(own.put(text)); // used-half-done
                            await(select(sink.whole(text), sleep(SECOND)));
                            await(sink.put(text));
                        });
                    }
                }
                """);
    }

    @Test
    void whatStaysWhole() throws Exception {
        body("""
                await(select(s.read(b), lines.write("ANSWER")));
                await(lines.write("BYE"));
                await(select(s.read(b), lines.flush()));
                await(lines.write("BYE"));
                await(select(s.read(b), frames.send("ANSWER")));
                await(frames.send("BYE"));
                """);
    }

    @Test
    void whoGoesOnWhereItWas() throws Exception {
        body("""
                while (a.hasRemaining()) {
                    await(select(s.write(a), sleep(SECOND)));
                }
                await(select(t.write(a), sleep(SECOND)));
                await(t.write(a));
                await(t.write(b));
                await(select(s.write(a), sleep(SECOND)));
                if (a.hasRemaining()) {
                    return;
                }
                await(s.write(b));
                try (var begun = pin(s.write(a))) {
                    if (await(select(s.read(b), begun)) instanceof First<?, ?, ?, ?>) {
                        await(begun);
                    }
                }
                await(s.write(b));
                """);
    }

    @Test
    void whoUsesSomethingElseOrNothing() throws Exception {
        body("""
                await(select(s.write(a), sleep(SECOND)));
                await(t.write(b));
                await(s.read(b));
                await(s.closeAsync());
                try {
                    await(timeout(SECOND, t.write(a)));
                } catch (Exception e) {
                    t.close();
                    throw e;
                }
                await(t.write(b));
                """);
        body("""
                await(select(on(s.read(b), n -> use(n)), on(s.write(a), x -> use("written"))));
                await(join(s.write(a), t.write(b)));
                await(s.write(b));
                try (var task = spawn(s.write(a))) {
                    await(select(task, sleep(SECOND)));
                }
                """);
    }
}
