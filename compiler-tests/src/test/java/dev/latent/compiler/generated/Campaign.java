package dev.latent.compiler.generated;

import dev.latent.compiler.generated.ProgramGenerator.Program;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Compares random programs, woven, with what they do as plain Java, undisturbed and dropped at each of their suspensions.
 *
 * <p>The program {@code k} of a seed is always the same, and is compiled with the same options, whatever else is in the run.
 */
final class Campaign {
    /** Programs for one run of javac: enough to pay for its start, few enough to fit into memory. */
    private static final int BATCH = 250;

    /** Drops of one program; beyond that they are spread over its suspensions. */
    private static final int DROPS = 24;

    private static final List<Construct> OWNERS = List.of(
            Construct.DROP,
            Construct.POLL_DROP,
            Construct.SELECT,
            Construct.TIMEOUT,
            Construct.SCOPE,
            Construct.HANDLE,
            Construct.EXECUTOR);

    private final long seed;
    private final Map<Construct, Long> coverage = new EnumMap<>(Construct.class);
    private final List<String> differences = new ArrayList<>();
    private int compared;
    private int tooLong;
    private int tooLarge;
    private int unverifiable;
    private long lines;
    private long suspensions;
    private long drops;
    private long compileNanos;

    private final boolean progress;

    Campaign(long seed, boolean progress) {
        this.seed = seed;
        this.progress = progress;
    }

    static Program program(long seed, int k) {
        return ProgramGenerator.program("P" + k, seed * 1_000_003L + k);
    }

    /**
     * Compares the programs from {@code first} on.
     *
     * @param report where to write, after each batch, what the run has seen so far, or null
     */
    void run(int first, int programs, Path report) throws ReflectiveOperationException, IOException {
        long start = System.nanoTime();
        long told = start;
        int end = first + programs;
        for (int k = first; k < end; ) {
            int next = Math.min(end, (k / BATCH + 1) * BATCH);
            batch(k, next);
            k = next;
            if (report != null) {
                Files.writeString(report, report());
            }
            long now = System.nanoTime();
            if (progress && (now - told > TimeUnit.SECONDS.toNanos(30) || k == end)) {
                told = now;
                double rate = (k - first) * 1e9 / (now - start);
                System.out.printf(
                        "%,d of %,d programs, %,d drops, %d differences; %.0f programs/s (%.0f%% of the time in javac), %.0f s to go%n",
                        k - first,
                        programs,
                        drops,
                        differences.size(),
                        rate,
                        100.0 * compileNanos / (now - start),
                        (end - k) / rate);
            }
        }
    }

    private void batch(int from, int to) throws ReflectiveOperationException {
        SplittableRandom random = new SplittableRandom(seed + from / BATCH);
        Construct debug = random.nextBoolean() ? Construct.DEBUG : Construct.NO_DEBUG;
        boolean indy = random.nextInt(4) == 0;
        boolean parameters = random.nextInt(4) == 0;
        List<String> options = new ArrayList<>();
        options.add(debug == Construct.DEBUG ? "-g" : "-g:none");
        options.add("-XDstringConcat=" + (indy ? "indyWithConstants" : "inline"));
        if (parameters) {
            options.add("-parameters");
            count(Construct.PARAMETERS, to - from);
        }
        count(debug, to - from);
        count(indy ? Construct.INDY_CONCAT : Construct.INLINE_CONCAT, to - from);
        List<Program> programs = new ArrayList<>();
        for (int k = from; k < to; k++) {
            programs.add(program(seed, k));
        }
        compare(programs, options);
    }

    private void compare(List<Program> programs, List<String> options) throws ReflectiveOperationException {
        Map<String, String> woven = new LinkedHashMap<>();
        Map<String, String> plain = new LinkedHashMap<>();
        for (Program p : programs) {
            woven.put("generated." + p.name(), p.woven());
            plain.put("generated." + p.name(), p.plain());
        }
        long start = System.nanoTime();
        Compiled plainClasses = Compiled.of(false, List.of("-proc:none", "-g:none", "-XDstringConcat=inline"), plain);
        Compiled wovenClasses = plainClasses.errors.isEmpty() ? Compiled.of(true, options, woven) : plainClasses;
        compileNanos += System.nanoTime() - start;
        Map<String, String> errors = plainClasses.errors.isEmpty() ? wovenClasses.errors : plainClasses.errors;
        if (!errors.isEmpty()) {
            errors.forEach((name, error) -> {
                if (error.contains("[latent:body-too-large]")) {
                    tooLarge++;
                } else {
                    differs(name, "does not compile: " + error);
                }
            });
            List<Program> rest = programs.stream()
                    .filter(p -> !errors.containsKey("generated." + p.name()))
                    .toList();
            if (rest.size() < programs.size() && !rest.isEmpty()) {
                compare(rest, options);
            }
            return;
        }
        for (Program p : programs) {
            String name = "generated." + p.name();
            try {
                compare(p, wovenClasses.program(name), plainClasses.program(name));
                lines += p.woven().lines().count();
                p.used().forEach(this::count);
            } catch (Different | LinkageError e) {
                differs(name, e.getMessage());
            }
        }
    }

    private void differs(String program, String how) {
        differences.add(program + ": " + how);
        if (progress) {
            System.out.println(differences.getLast());
        }
    }

    private void count(Construct construct, int n) {
        coverage.merge(construct, (long) n, Long::sum);
    }

    /** The two versions do different things. */
    private static final class Different extends Exception {
        private static final long serialVersionUID = 1L;

        Different(String message) {
            super(message, null, false, false);
        }
    }

    private void compare(Program program, Constructor<?> woven, Constructor<?> plain)
            throws ReflectiveOperationException, Different {
        PlainWorld model = (PlainWorld) plain.newInstance();
        String outcome = model.run(0);
        if (outcome.contains("java.lang.VerifyError")) {
            // javac's own class is wrong; seen with records in patterns.
            unverifiable++;
            return;
        }
        if (model.tooLong) {
            tooLong++;
            return;
        }
        int all = model.suspensions;
        WovenWorld world = (WovenWorld) woven.newInstance();
        same("polled by hand", model, outcome, world, world.run(0));
        if (world.polls != all + 1 || world.suspensions != all) {
            throw new Different(world.polls + " polls, " + world.suspensions + " suspensions, where there should be "
                    + (all + 1) + " and " + all);
        }
        int k = Integer.parseInt(program.name().substring(1));
        if (k % 4 == 0) {
            world = (WovenWorld) woven.newInstance();
            same("250 calls deep", model, outcome, world, world.run(250));
        } else if (k % 4 == 1) {
            world = (WovenWorld) woven.newInstance();
            same("on an executor", model, outcome, world, world.runOnExecutor());
        }
        compared++;
        suspensions += all;
        drop(0, Construct.DROP_UNPOLLED, woven, (PlainWorld) plain.newInstance());
        for (int d = 0; d < Math.min(all, DROPS); d++) {
            int at = 1 + (int) ((long) d * all / Math.min(all, DROPS));
            drop(at, OWNERS.get((k + d) % OWNERS.size()), woven, (PlainWorld) plain.newInstance());
        }
    }

    private void drop(int at, Construct owner, Constructor<?> woven, PlainWorld model)
            throws ReflectiveOperationException, Different {
        String outcome = owner == Construct.DROP_UNPOLLED ? "dropped" : model.run(at);
        WovenWorld world = (WovenWorld) woven.newInstance();
        same("dropped at suspension " + at + ", " + owner.words, model, outcome, world, world.drop(at, owner));
        drops++;
        count(owner, 1);
    }

    private static void same(String how, PlainWorld model, String outcome, WovenWorld world, String got)
            throws Different {
        if (!model.trace.equals(world.trace) || !outcome.equals(got)) {
            int same = 0;
            while (same < Math.min(model.trace.size(), world.trace.size())
                    && model.trace.get(same).equals(world.trace.get(same))) {
                same++;
            }
            throw new Different(how + ": after " + same + " equal steps\n  plain: "
                    + model.trace.subList(same, model.trace.size()) + " " + outcome + "\n  woven: "
                    + world.trace.subList(same, world.trace.size()) + " " + got);
        }
    }

    List<String> differences() {
        return differences;
    }

    /** {@return the constructs of which there was none} */
    List<Construct> missing() {
        List<Construct> missing = new ArrayList<>(List.of(Construct.values()));
        missing.removeAll(coverage.keySet());
        return missing;
    }

    /** {@return what the run has seen, as a page} */
    String report() {
        StringBuilder out = new StringBuilder(String.format(
                "%,d programs of %,d lines compared, at %,d suspensions; %,d drops; %,d differences; left out: %,d that ran too long, %,d refused as body-too-large, %,d that javac alone compiles to classes that do not verify.%n",
                compared, lines, suspensions, drops, differences.size(), tooLong, tooLarge, unverifiable));
        for (Construct.Family family : Construct.Family.values()) {
            out.append(String.format("%n| %s | times |%n|---|---:|%n", family.title));
            for (Construct c : Construct.values()) {
                if (c.family == family) {
                    out.append(
                            String.format("| %s | %,d |%n", c.words.replace("|", "\\|"), coverage.getOrDefault(c, 0L)));
                }
            }
        }
        return out.toString();
    }
}
