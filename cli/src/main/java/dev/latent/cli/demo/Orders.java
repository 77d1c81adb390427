package dev.latent.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** What the command tells its two processes: a word a line on their standard input. */
public final class Orders {
    private Orders() {}

    /** Hands each word to {@code obey}, on a thread of its own; when the command is gone, so is this process. */
    public static void listen(Consumer<String> obey) {
        Thread thread = new Thread(
                () -> {
                    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                    try {
                        for (String word = in.readLine(); word != null; word = in.readLine()) {
                            obey.accept(word);
                        }
                    } catch (IOException e) {
                        // as good as the end
                    }
                    Runtime.getRuntime().halt(1);
                },
                "orders");
        thread.setDaemon(true);
        thread.start();
    }
}
