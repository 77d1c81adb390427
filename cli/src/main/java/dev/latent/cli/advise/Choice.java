package dev.latent.cli.advise;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** What may be advised; each has the sketch of a program to start from. */
public enum Choice {
    /** Plain code on the thread that is there. */
    SYNCHRONOUS("nothing: write it synchronously", "Synchronous"),

    /** As many threads as cores. */
    THREADS("plain threads", "Threads"),

    /** One thread that does nothing else. */
    OWN_THREAD("a thread of its own", "OwnThread"),

    /** A thread for each piece, virtual as a rule. */
    THREAD_EACH("a virtual thread for each", "ThreadEach"),

    /** Futures on an executor. */
    ASYNC("async", "ManyWaits"),

    /** Futures that one piece awaits together. */
    JOIN("async: ask at once and join", "AskAndMerge"),

    /** Futures for what waits, threads for what computes. */
    HAND_OVER("async for the waiting, threads for the computing", "HandOver");

    /** In words. */
    final String shown;

    private final String sketch;

    Choice(String shown, String sketch) {
        this.shown = shown;
        this.sketch = sketch;
    }

    /** {@return the source of a program to start from; {@code latent run} runs it} */
    public String sketch() {
        String name = sketch + ".java";
        try (InputStream in = Choice.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name, e);
        }
    }

    /** {@return the name of the file to keep the sketch in} */
    public String file() {
        return sketch + ".java";
    }
}
