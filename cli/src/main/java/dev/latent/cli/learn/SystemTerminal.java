package dev.latent.cli.learn;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The terminal of this process. Keys come as they are pressed where {@code stty} can see to that, and elsewhere with the next Enter; the terminal's
 * settings are put back at the end, however that comes.
 */
public final class SystemTerminal implements Terminal {
    private final BlockingQueue<Integer> keys = new LinkedBlockingQueue<>();
    private final String settings;
    private final Thread restore = new Thread(this::restore);

    private SystemTerminal() {
        settings = stty("-g");
        if (!settings.isEmpty()) {
            Runtime.getRuntime().addShutdownHook(restore);
            stty("-icanon", "-echo", "min", "1");
        }
        Thread.ofPlatform().daemon().start(this::read);
    }

    /** {@return whether somebody sits there} */
    public static boolean isThere() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** {@return it, to be closed} */
    public static SystemTerminal open() {
        return new SystemTerminal();
    }

    private void read() {
        try {
            for (int key = System.in.read(); key >= 0; key = System.in.read()) {
                keys.add(key);
            }
        } catch (IOException e) {
            // there will be no more
        }
        keys.add(END);
    }

    @Override
    public int key(int millis) throws InterruptedException {
        Integer key = keys.poll(millis, TimeUnit.MILLISECONDS);
        return key == null ? NONE : key;
    }

    @Override
    public void print(String text) {
        System.out.print(text);
        System.out.flush();
    }

    @Override
    public void close() {
        if (!settings.isEmpty()) {
            restore();
            try {
                Runtime.getRuntime().removeShutdownHook(restore);
            } catch (IllegalStateException e) {
                // the process is ending, and the hook runs
            }
        }
    }

    private void restore() {
        stty(settings);
    }

    /** {@return what it says, nothing where there is none} */
    private static String stty(String... arguments) {
        try {
            List<String> command = new ArrayList<>(List.of("stty"));
            command.addAll(List.of(arguments));
            Process process = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return process.waitFor() == 0 ? said : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
