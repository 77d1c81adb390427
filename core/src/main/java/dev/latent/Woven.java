package dev.latent;

import java.lang.invoke.MethodHandles;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What woven code calls; not for programs. {@link AsyncFrame} tells how it fits together.
 *
 * <p>Bodies pass their frame as a {@link Future}: since that is an interface, the JVM verifies a host without loading its frame
 * classes, which may be defined as late as in the host's static initializer.
 */
public final class Woven {
    /** What a body returns when it is suspended. */
    public static final Object SUSPENDED = AsyncFrame.SUSPENDED;

    private Woven() {}

    private static AsyncFrame<?> of(Future<?> frame) {
        return (AsyncFrame<?>) frame;
    }

    /** {@return the await at which {@code frame} is suspended; 0 before it has started} */
    public static int point(Future<?> frame) {
        return of(frame).point();
    }

    /**
     * Awaits, as far as it goes without suspending.
     *
     * @return the value, or {@link #SUSPENDED}: then the body spills and returns {@link #suspendAt}
     */
    public static @Nullable Object await(Future<?> future, Future<?> self, Context cx) throws Throwable {
        return AsyncFrame.await(future, of(self), cx);
    }

    /** Notes where a body suspends: {@return {@link #SUSPENDED}, for the body to return} */
    public static Object suspendAt(Future<?> frame, int point) {
        of(frame).suspendAt(point);
        return SUSPENDED;
    }

    /** First thing where a body is resumed: {@return what it awaited, or throws what that threw} */
    public static @Nullable Object resumed(@Nullable Object in) throws Throwable {
        return AsyncFrame.resumed(in);
    }

    /**
     * First thing in a {@code catch} whose {@code try} holds awaits: while the frame is being dropped at one of them, what was
     * caught flies on.
     *
     * @param points the awaits, a char each, that are in no cleanup within that {@code try}
     */
    public static void caught(Future<?> frame, Throwable caught, String points) throws Throwable {
        of(frame).caught(caught, points);
    }

    /** At the normal end of an outermost cleanup that holds awaits: goes on with a drop that arrived meanwhile. */
    public static void endCleanup(Future<?> frame) throws Throwable {
        of(frame).endCleanup();
    }

    /** Where a body has opened the resources it was given: goes on with a drop that came before the first poll. */
    public static void openedCaptures(Future<?> frame) throws Throwable {
        of(frame).openedCaptures();
    }

    /** {@code Async.spawn} in a body. */
    public static <T> JoinHandle<T> spawn(Future<? extends T> future, Context cx) {
        return cx.spawner().spawn(future);
    }

    /** {@code Async.spawnLocal} in a body. */
    public static <T> JoinHandle<T> spawnLocal(Future<? extends T> future, Context cx) {
        return cx.spawner().spawnLocal(future);
    }

    /** A call of an async closure in a body: {@return a new frame with these arguments} */
    public static Future<?> call(Object closure, @Nullable Object[] arguments) {
        return AsyncFrame.of(closure, arguments);
    }

    /** {@return {@code frame}, as the object that stands for an async closure} */
    public static AsyncFrame<?> pattern(AsyncFrame<?> frame) {
        return frame.asPattern();
    }

    /** {@return what the method of an async closure throws when it is called as if it were ordinary} */
    public static IllegalStateException calledDirectly(AsyncFrame<?> frame) {
        return frame.calledDirectly();
    }

    /** {@return where the await number {@code point} of a body stands; {@code lines} holds a char for each} */
    public static StackTraceElement location(String type, String method, String file, String lines, int point) {
        return new StackTraceElement(type, method, file, point < lines.length() ? lines.charAt(point) : -1);
    }

    /** {@return whether {@code points} holds {@code point}} */
    public static boolean holds(String points, int point) {
        return points.indexOf(point) >= 0;
    }

    /**
     * Defines a frame class beside its host, where the host was woven as it was loaded: first thing in the host's static initializer.
     *
     * @param classFile in Latin-1, a char for each byte
     */
    public static void define(MethodHandles.Lookup host, String... classFile) throws IllegalAccessException {
        host.defineClass(String.join("", classFile).getBytes(StandardCharsets.ISO_8859_1));
    }
}
