package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.channel.Polled;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The cancel safety of every public method that gives a future, of channels, locks, streams and sets of tasks: each future is dropped before its first poll, after each poll, and after
 * each thing that others do in between; each time with a wait for its cleanup and without; and where it is ready, its value is received, and reaches nobody. Then it is counted. A method that is in no scene fails
 * the test.
 */
class CancelSafetyTest {
    /** One future, and what the others do meanwhile. */
    abstract static class Scene {
        /** {@return the future} Asked for once, before anything else is. */
        abstract Future<?> future();

        /** What others do after the future has been polled for the nth time, from 0 on; when all is done, it is ready. */
        void others(int n) {}

        /** {@return how often they do something} */
        int steps() {
            return 1;
        }

        /** Others go on with what they have begun. */
        void goOn() {}

        /** The future's value is received. */
        void received(@Nullable Object value) {}

        /** The future was ready, and nobody receives its value. */
        void lost() {}

        /** Counts, when all is over. */
        abstract void check();
    }

    private enum How {
        DROPPED,
        DROPPED_AND_AWAITED,
        UNDELIVERED,
        RECEIVED
    }

    private static int tried(Supplier<Scene> scenes) throws Exception {
        int runs = 0;
        for (How how : How.values()) {
            int ready = 0;
            for (int at = 0; at >= 0; at++) {
                Scene scene = scenes.get();
                Polled<?> polled = new Polled<>(scene.future());
                String where = how + " after " + at + " events";
                try {
                    Object value = null;
                    boolean over = at > 2 * scene.steps() + 1;
                    for (int event = 0; event < at && !polled.hasEnded(); event++) {
                        if (event % 2 == 1) {
                            scene.others(event / 2);
                        } else if (polled.poll() instanceof Poll.Ready<?>(Object found)) {
                            value = found;
                        }
                    }
                    if (!polled.hasEnded()) {
                        assertTrue(!over, "it is not ready when everything is done");
                        if (how == How.DROPPED_AND_AWAITED) {
                            polled.dropAwaited(scene::goOn);
                        } else {
                            polled.drop();
                        }
                    } else {
                        ready++;
                        at = Integer.MIN_VALUE + 1; // what comes later is the same
                        if (how == How.UNDELIVERED) {
                            scene.lost();
                            polled.undelivered(value);
                        } else {
                            scene.received(value);
                        }
                    }
                    scene.check();
                } catch (Throwable t) {
                    throw new AssertionError(where, t);
                }
                runs++;
            }
            assertEquals(1, ready);
        }
        return runs;
    }

    private static Map<String, List<Supplier<Scene>>> table() {
        Map<String, List<Supplier<Scene>>> all = new LinkedHashMap<>();
        CancelSafetyScenes.channels(all);
        CancelSafetyScenes.locks(all);
        CancelSafetyScenes.streams(all);
        CancelSafetyScenes.sets(all);
        return all;
    }

    @TestFactory
    List<DynamicTest> droppedWhereverItCanBe() {
        List<DynamicTest> tests = new ArrayList<>();
        table().forEach((method, scenes) -> tests.add(DynamicTest.dynamicTest(method, () -> {
            int runs = 0;
            for (Supplier<Scene> scene : scenes) {
                runs += tried(scene);
            }
            System.out.println("cancel safety: " + method + ", " + runs + " drops and ends");
        })));
        return tests;
    }

    private static final List<Class<?>> TYPES = List.of(
            dev.latent.channel.Broadcast.class,
            dev.latent.channel.Channel.class,
            dev.latent.channel.Oneshot.class,
            dev.latent.channel.Permit.class,
            dev.latent.channel.Receiver.class,
            dev.latent.channel.Sender.class,
            dev.latent.channel.Subscription.class,
            dev.latent.channel.Watch.class,
            dev.latent.channel.WeakSender.class,
            dev.latent.sync.AsyncMutex.class,
            dev.latent.sync.AsyncRwLock.class,
            dev.latent.sync.AsyncSemaphore.class,
            dev.latent.sync.Barrier.class,
            dev.latent.sync.CancellationToken.class,
            dev.latent.sync.Guard.class,
            dev.latent.sync.LazyAsync.class,
            dev.latent.sync.Notify.class,
            dev.latent.sync.OnceCell.class,
            dev.latent.sync.TaskTracker.class,
            dev.latent.sync.UpgradableGuard.class,
            dev.latent.sync.WaitGroup.class,
            dev.latent.sync.WriteGuard.class,
            dev.latent.stream.AsyncStream.class,
            dev.latent.stream.Emitter.class,
            dev.latent.stream.PeekableStream.class,
            dev.latent.stream.SharedStream.class,
            dev.latent.stream.StreamMap.class,
            FuturesOrdered.class,
            FuturesUnordered.class,
            JoinMap.class,
            JoinSet.class);

    /** {@return Type.method, where it is declared first: for each that gives a future, or a source} */
    private static Set<String> methods() {
        Set<String> found = new TreeSet<>();
        for (Class<?> type : TYPES) {
            for (Method method : declared(type)) {
                Class<?> gives = method.getReturnType();
                if (Modifier.isPublic(method.getModifiers())
                        && !method.isSynthetic()
                        && (Future.class.isAssignableFrom(gives) || gives == Source.class)
                        && TYPES.stream().noneMatch(of -> of != type && of.isAssignableFrom(type) && has(of, method))) {
                    found.add(type.getSimpleName() + "." + method.getName());
                }
            }
        }
        return found;
    }

    /** What a class that is not public declares belongs to the public ones that extend it. */
    private static List<Method> declared(Class<?> type) {
        List<Method> all = new ArrayList<>();
        Class<?> at = type;
        do {
            all.addAll(Arrays.asList(at.getDeclaredMethods()));
            at = at.getSuperclass();
        } while (at != null && !Modifier.isPublic(at.getModifiers()));
        return all;
    }

    private static boolean has(Class<?> type, Method method) {
        return Arrays.stream(type.getDeclaredMethods())
                .anyMatch(m -> m.getName().equals(method.getName())
                        && Arrays.equals(m.getParameterTypes(), method.getParameterTypes()));
    }

    @Test
    void everyMethodThatGivesAFutureIsTried() {
        assertEquals(methods(), new TreeSet<>(table().keySet()));
    }

    /** And every class of these packages is looked at: one that is new is to be written into the list. */
    @Test
    void everyTypeIsKnown() throws Exception {
        Set<String> missing = new TreeSet<>();
        for (String room : List.of("channel", "sync", "stream")) {
            var folder = java.nio.file.Path.of("src/main/java/dev/latent/" + room);
            try (var files = java.nio.file.Files.list(folder)) {
                for (var file : files.toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    if (name.equals("package-info")) {
                        continue;
                    }
                    Class<?> type = Class.forName("dev.latent." + room + "." + name);
                    boolean gives = Arrays.stream(type.getDeclaredMethods())
                            .anyMatch(m -> Modifier.isPublic(m.getModifiers())
                                    && Future.class.isAssignableFrom(m.getReturnType()));
                    if (Modifier.isPublic(type.getModifiers()) && gives && !TYPES.contains(type)) {
                        missing.add(name);
                    }
                }
            }
        }
        assertEquals(Set.of(), missing);
    }
}
