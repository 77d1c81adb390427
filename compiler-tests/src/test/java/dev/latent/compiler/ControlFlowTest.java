package dev.latent.compiler;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latent.Future;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Statements that jump, throw and clean up around awaits. */
class ControlFlowTest {
    private final Drive drive = new Drive();

    @Test
    @SuppressWarnings("latent:async-without-await") // a future that fails at once
    void exceptionsOfEachKind() throws Exception {
        for (int kind = 0; kind < 5; kind++) {
            int k = kind;
            Future<String> f = async(() -> {
                try (AutoCloseable r = () -> {
                    throw new IOException("close");
                }) {
                    switch (await(drive.later(k))) {
                        case 0:
                            throw new FileNotFoundException("0");
                        case 1:
                            await(async(() -> {
                                throw new IllegalArgumentException("1");
                            }));
                            break;
                        case 2:
                            throw new AssertionError("2");
                        default:
                            assert await(drive.later(false)) : await(drive.later("asserted"));
                    }
                    return "body";
                } catch (FileNotFoundException | IllegalArgumentException e) {
                    await(drive.later("x"));
                    return e.getMessage() + e.getSuppressed()[0].getMessage();
                } catch (AssertionError e) {
                    try {
                        await(drive.later("x"));
                        throw new IOException("from catch", e);
                    } catch (IOException inner) {
                        return await(drive.later(inner.getCause().getMessage()));
                    } finally {
                        await(drive.later("x"));
                    }
                }
            });
            boolean asserts = ControlFlowTest.class.desiredAssertionStatus();
            if (k > 2 && !asserts) {
                assertEquals(
                        "close",
                        assertThrows(IOException.class, () -> drive.run(f)).getMessage());
            } else {
                assertEquals(
                        List.of("0close", "1close", "2", "asserted", "asserted").get(k), drive.run(f));
            }
        }
    }

    @Test
    void infiniteLoopsAndUnreachableCode() throws Exception {
        Future<Void> f = async(() -> {
            int n = 0;
            while (true) {
                await(drive.later(n));
                if (n++ > 3) {
                    throw new IOException("enough");
                }
            }
        });
        assertThrows(IOException.class, () -> drive.run(f));
        Future<String> g = async(() -> {
            if (await(drive.later(true))) {
                throw new IllegalStateException(await(drive.later("always")));
            } else {
                return "no";
            }
        });
        assertEquals(
                "always",
                assertThrows(IllegalStateException.class, () -> drive.run(g)).getMessage());
    }

    private Future<String> jump(String way) {
        return async(() -> {
            int round = 0;
            outer:
            do {
                round++;
                try {
                    try {
                        if (way.equals("return")) {
                            return await(drive.later("returned"));
                        } else if (way.equals("throw")) {
                            throw new IOException(await(drive.later("thrown")));
                        } else if (way.equals("break")) {
                            break outer;
                        } else if (way.equals("continue") && await(drive.later(round)) == 1) {
                            continue outer;
                        }
                        drive.log("falls");
                    } finally {
                        drive.log(await(drive.later("inner")));
                    }
                } catch (IOException e) {
                    drive.log(await(drive.later(e.getMessage())));
                    return "caught";
                } finally {
                    drive.log(await(drive.later("outer")));
                }
            } while (await(drive.later(way.equals("continue") && round == 1)));
            return "end";
        });
    }

    @Test
    void jumpsThroughAwaitingFinallys() throws Exception {
        for (String[] expected : new String[][] {
            {"return", "[inner, outer] returned"},
            {"throw", "[inner, thrown, outer] caught"},
            {"break", "[inner, outer] end"},
            {"continue", "[inner, outer, falls, inner, outer] end"},
            {"fall", "[falls, inner, outer] end"}
        }) {
            drive.trace.clear();
            String got = drive.run(jump(expected[0]));
            assertEquals(expected[1], drive.trace + " " + got);
        }
    }
}
