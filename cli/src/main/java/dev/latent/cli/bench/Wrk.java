package dev.latent.cli.bench;

import dev.latent.cli.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load of HTTP: wrk, one thread with 64 connections that are kept, and what it says of it. */
final class Wrk {
    static final Part PART = Part.installed(Tool.WRK);
    static final int CONNECTIONS = 64;

    /** Sends several requests at a time, so many as it is told. */
    private static final String AHEAD = "bench/peers/wrk/ahead.lua";

    private static final Pattern REQUESTS = Pattern.compile("\\s*(\\d+) requests in .*");
    private static final Pattern PER_SECOND = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
    /** Written only where there is one. */
    private static final Pattern ERRORS = Pattern.compile("\\s*(Socket errors|Non-2xx or 3xx responses): .*");

    private Wrk() {}

    /**
     * {@return the command}
     *
     * @param ahead how many requests are under way on a connection
     */
    static List<String> command(int port, String path, int seconds, int ahead) {
        List<String> command = new ArrayList<>(List.of(
                Tool.WRK.command(),
                "--threads",
                "1",
                "--connections",
                String.valueOf(CONNECTIONS),
                "--duration",
                seconds + "s"));
        if (ahead > 1) {
            command.addAll(List.of("--script", AHEAD));
        }
        command.add("http://127.0.0.1:" + port + path);
        if (ahead > 1) {
            command.addAll(List.of("--", String.valueOf(ahead)));
        }
        return command;
    }

    /** What one run did. */
    record Ran(long requests, double perSecond) {}

    /**
     * {@return what it says that it did}
     *
     * @throws Failure when it failed to do something, so that figures would be of something else
     */
    static Ran ran(List<String> said) throws Failure {
        long requests = 0;
        double perSecond = 0;
        for (String line : said) {
            Matcher found = REQUESTS.matcher(line);
            if (found.matches()) {
                requests = Long.parseLong(found.group(1));
            }
            found = PER_SECOND.matcher(line);
            if (found.matches()) {
                perSecond = Double.parseDouble(found.group(1));
            }
            if (ERRORS.matcher(line).matches()) {
                throw new Failure("wrk saw failures: " + line.strip());
            }
        }
        if (requests == 0 || perSecond == 0) {
            throw new Failure("wrk has no figures, but says: " + Children.reason(said));
        }
        return new Ran(requests, perSecond);
    }
}
