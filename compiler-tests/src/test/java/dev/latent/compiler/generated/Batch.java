package dev.latent.compiler.generated;

import dev.latent.compiler.generated.ProgramGenerator.Program;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Programs that are compiled together, and compared one by one. */
final class Batch {
    /** Programs for one run of javac: enough to pay for its start, few enough to fit into memory. */
    private static final int SIZE = 250;

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
    private final int from;
    private final int to;
    private final Tally tally = new Tally();

    Batch(long seed, int from, int to) {
        this.seed = seed;
        this.from = from;
        this.to = to;
    }

    /** {@return where the batch of program {@code k} ends, in a run that does at {@code end}} */
    static int end(int k, int end) {
        return Math.min(end, (k / SIZE + 1) * SIZE);
    }

    Tally run() {
        SplittableRandom random = new SplittableRandom(seed + from / SIZE);
        Construct debug = random.nextBoolean() ? Construct.DEBUG : Construct.NO_DEBUG;
        boolean indy = random.nextInt(4) == 0;
        boolean parameters = random.nextInt(4) == 0;
        List<String> options = new ArrayList<>();
        options.add(debug == Construct.DEBUG ? "-g" : "-g:none");
        options.add("-XDstringConcat=" + (indy ? "indyWithConstants" : "inline"));
        if (parameters) {
            options.add("-parameters");
            tally.count(Construct.PARAMETERS, to - from);
        }
        tally.count(debug, to - from);
        tally.count(indy ? Construct.INDY_CONCAT : Construct.INLINE_CONCAT, to - from);
        List<Program> programs = new ArrayList<>();
        for (int k = from; k < to; k++) {
            programs.add(Campaign.program(seed, k));
        }
        compare(programs, options);
        return tally;
    }

    private void compare(List<Program> programs, List<String> options) {
        Map<String, String> woven = new LinkedHashMap<>();
        Map<String, String> plain = new LinkedHashMap<>();
        for (Program p : programs) {
            woven.put("generated." + p.name(), p.woven());
            plain.put("generated." + p.name(), p.plain());
        }
        Compiled plainClasses;
        Compiled wovenClasses;
        long start = System.nanoTime();
        try {
            plainClasses = Compiled.of(false, List.of("-proc:none", "-g:none", "-XDstringConcat=inline"), plain);
            wovenClasses = plainClasses.errors.isEmpty() ? Compiled.of(true, options, woven) : plainClasses;
        } catch (RuntimeException crash) {
            halves(programs, options, crash);
            return;
        }
        tally.compileNanos += System.nanoTime() - start;
        Map<String, String> errors = plainClasses.errors.isEmpty() ? wovenClasses.errors : plainClasses.errors;
        if (!errors.isEmpty()) {
            errors.forEach((name, error) -> {
                if (error.contains("[latent:body-too-large]") || error.contains("code too large")) {
                    tally.tooLarge++;
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
                if (!verifies(plainClasses, name)) {
                    tally.unverifiable++;
                    continue;
                }
                compare(p, wovenClasses.program(name), plainClasses.program(name));
                tally.lines += p.woven().lines().count();
                p.used().forEach(tally::count);
            } catch (Different e) {
                differs(name, e.getMessage());
            } catch (LinkageError | ReflectiveOperationException e) {
                differs(name, e.toString());
            }
        }
    }

    /** {@return false where the class that javac alone has made is wrong}: seen with records in patterns. */
    private static boolean verifies(Compiled plain, String name) throws ReflectiveOperationException {
        try {
            Class.forName(name, true, plain);
            return true;
        } catch (VerifyError e) {
            return false;
        }
    }

    /** Finds the program at which javac itself breaks down. */
    private void halves(List<Program> programs, List<String> options, RuntimeException crash) {
        int n = programs.size();
        if (n == 1) {
            differs(programs.getFirst().name(), "javac breaks down: " + crash);
            return;
        }
        compare(programs.subList(0, n / 2), options);
        compare(programs.subList(n / 2, n), options);
    }

    private void differs(String program, String how) {
        tally.differences.add(program + ": " + how);
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
            // As where it does not verify, of a class within it.
            tally.unverifiable++;
            return;
        }
        if (model.tooLong) {
            tally.tooLong++;
            return;
        }
        int all = model.suspensions;
        WovenWorld world = world(program, woven);
        same("polled by hand", model, outcome, world, world.run(0));
        if (world.polls != model.rounds + 1 || world.suspensions != all) {
            throw new Different(world.polls + " polls, " + world.suspensions + " suspensions, where there should be "
                    + (model.rounds + 1) + " and " + all);
        }
        int k = Integer.parseInt(program.name().substring(1));
        if (k % 4 == 0) {
            world = world(program, woven);
            same("250 calls deep", model, outcome, world, world.run(250));
        } else if (k % 4 == 1) {
            world = world(program, woven);
            same("on an executor", model, outcome, world, world.runOnExecutor());
        }
        tally.compared++;
        tally.suspensions += all;
        drop(0, Construct.DROP_UNPOLLED, program, woven, (PlainWorld) plain.newInstance());
        for (int d = 0; d < Math.min(all, DROPS); d++) {
            int at = 1 + (int) ((long) d * all / Math.min(all, DROPS));
            drop(at, OWNERS.get((k + d) % OWNERS.size()), program, woven, (PlainWorld) plain.newInstance());
        }
    }

    private static WovenWorld world(Program program, Constructor<?> woven) throws ReflectiveOperationException {
        WovenWorld world = (WovenWorld) woven.newInstance();
        world.together = program.together();
        return world;
    }

    private void drop(int at, Construct owner, Program program, Constructor<?> woven, PlainWorld model)
            throws ReflectiveOperationException, Different {
        String outcome = owner == Construct.DROP_UNPOLLED ? "dropped" : model.run(at);
        if (at > 0 && !model.root.arrived) {
            // What suspended was dropped by a select in the same poll, in which the program ended.
            return;
        }
        WovenWorld world = world(program, woven);
        same("dropped at suspension " + at + ", " + owner.words, model, outcome, world, world.drop(at, owner));
        tally.drops++;
        tally.count(owner, 1);
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
}
