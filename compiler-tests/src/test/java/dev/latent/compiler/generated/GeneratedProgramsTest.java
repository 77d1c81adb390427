package dev.latent.compiler.generated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.compiler.Javac;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random programs do woven what they do as plain Java, and after a drop at each of their suspensions what {@link PlainWorld} says.
 * {@code -Dlatent.programs=100000} for more of them, {@code -Dlatent.seed=…} for others, printed where they differ.
 */
class GeneratedProgramsTest {
    private static final int BATCH = 100;
    private static final int DROPS = 60;

    @Test
    void wovenAndPlainAgree() throws Exception {
        int programs = Integer.getInteger("latent.programs", 200);
        long seed = Long.getLong("latent.seed", 20_261_123L);
        List<String> differ = new ArrayList<>();
        for (int done = 0; done < programs; done += BATCH) {
            batch(
                    LongStream.range(seed + done, seed + done + Math.min(BATCH, programs - done))
                            .toArray(),
                    differ);
        }
        assertTrue(
                differ.isEmpty(), () -> differ.size() + " programs differ; the first of them:\n" + differ.getFirst());
    }

    private static void batch(long[] seeds, List<String> differ) throws Exception {
        Map<String, String> sources = new LinkedHashMap<>();
        for (long seed : seeds) {
            sources.put("generated.Woven" + seed, woven(seed));
            sources.put("generated.Plain" + seed, plain(seed));
        }
        Javac.Result result = Javac.compile(List.of("-g"), sources);
        assertEquals(List.of(), result.errors(), "some of the seeds " + seeds[0] + " to " + seeds[seeds.length - 1]);
        ClassLoader loader = result.loader();
        for (long seed : seeds) {
            try {
                compare(
                        seed,
                        loader.loadClass("generated.Woven" + seed).getConstructor(),
                        loader.loadClass("generated.Plain" + seed).getConstructor());
            } catch (AssertionError | LinkageError e) {
                differ.add("seed " + seed + ": " + e.getMessage());
            }
        }
    }

    static String woven(long seed) {
        return ProgramGenerator.program("Woven" + seed, seed)
                .replaceAll("(?s)/\\*\\{.*?}\\*/", "")
                .replace(
                        "import static dev.latent.compiler.generated.ASYNC.*;",
                        "import static dev.latent.Async.*; import dev.latent.Future; import dev.latent.compiler.generated.WovenAsync.*;")
                .replace("WORLD", "WovenWorld");
    }

    static String plain(long seed) {
        return ProgramGenerator.program("Plain" + seed, seed)
                .replace("/*{", "")
                .replace("}*/", "")
                .replace(
                        "import static dev.latent.compiler.generated.ASYNC.*;",
                        "import static dev.latent.compiler.generated.PlainAsync.*; import dev.latent.compiler.generated.PlainAsync.*;")
                .replace("WORLD", "PlainWorld");
    }

    private static void compare(long seed, Constructor<?> woven, Constructor<?> plain) throws Exception {
        PlainWorld model = (PlainWorld) plain.newInstance();
        String outcome = model.run(0);
        if (model.trace.size() > World.LIMIT) {
            return;
        }
        int suspensions = model.suspensions();
        same(seed, 0, 0, model, outcome, woven);
        same(seed, 0, 250, model, outcome, woven);
        int step = Math.max(1, suspensions / DROPS);
        for (int k = 1; k <= suspensions; k += step) {
            PlainWorld dropped = (PlainWorld) plain.newInstance();
            outcome = dropped.run(k);
            same(seed, k, k % 5 == 0 ? 250 : 0, dropped, outcome, woven);
        }
    }

    private static void same(long seed, int dropAt, int depth, PlainWorld model, String outcome, Constructor<?> woven)
            throws Exception {
        WovenWorld world = (WovenWorld) woven.newInstance();
        String what = "seed " + seed + ", dropped at " + dropAt + ", depth " + depth;
        String got = world.run(dropAt, depth, dropAt % 2 == 0);
        assertEquals(
                String.join("\n", model.trace) + "\n" + outcome, String.join("\n", world.trace) + "\n" + got, what);
    }
}
