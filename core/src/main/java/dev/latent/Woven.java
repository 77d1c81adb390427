package dev.latent;

import dev.latent.internal.Debugger;
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
    public static final Object SUSPENDED = Chain.SUSPENDED;

    /** What the sibling of an awaited call, which {@link NowOr} names, gives when there is nothing yet. */
    public static final Object PENDING = Poll.pending();

    /** Whether there may be a debugger: then a body runs from its start in the method that also resumes it. */
    public static final boolean DEBUGGED = Debugger.IS_THERE;

    private Woven() {}

    private static AsyncFrame<?> of(Future<?> frame) {
        return (AsyncFrame<?>) frame;
    }

    /** {@return the await at which {@code frame} is suspended; 0 before it has started} */
    public static int point(Future<?> frame) {
        return of(frame).point();
    }

    /** {@return whether the method that resumes a body is to run it from its start} */
    public static boolean isStart(Future<?> frame) {
        return DEBUGGED && of(frame).point() == 0;
    }

    // Each frame class has a method await of its own, for its body: so the JIT compiler inlines a chain of awaits,
    // which it takes
    // for a recursion otherwise, and has a profile for each body. It is
    //
    //   callee = startable(future, below, depth);
    //   if (callee == null) return awaitOther(future, self, below, cx, depth);
    //   try { out = callee.startCalled(self, below, cx, depth + cost); } catch (Throwable t) { throw failed(t, callee,
    // below); }
    //   return started(out, callee, self, cx);
    //
    // where cost is 1, and more for a body with many locals, and self is the body's frame, null if there is none yet,
    // and below is that or else the innermost frame on the
    // native stack.
    // It returns the value, or SUSPENDED: then the body spills and returns suspendAt or suspendFirst.

    /** {@return {@code future}, claimed, if it is a frame that may be started at once; else null} */
    public static @Nullable AsyncFrame<?> startable(Future<?> future, AsyncFrame<?> below, int depth) {
        return future instanceof AsyncFrame<?> callee && callee.claimToStart(below, depth) ? callee : null;
    }

    /** {@return what is to be thrown where {@code callee} threw {@code failure}} */
    public static Throwable failed(Throwable failure, AsyncFrame<?> callee, AsyncFrame<?> below) {
        callee.end();
        return AwaitTrace.intoRunning(failure, callee, below);
    }

    /** {@return the value or {@link #SUSPENDED}, when {@code callee} returned {@code out}} */
    public static @Nullable Object started(
            @Nullable Object out, AsyncFrame<?> callee, @Nullable AsyncFrame<?> self, Context cx) {
        if (out == Chain.MADE) {
            return Chain.made(callee, self, cx);
        }
        if (out != SUSPENDED) {
            callee.end();
        }
        return out;
    }

    /** {@return the value or {@link #SUSPENDED}} Awaits what is not {@link #startable}. */
    public static @Nullable Object awaitOther(
            Future<?> future, @Nullable AsyncFrame<?> self, AsyncFrame<?> below, Context cx, int depth)
            throws Throwable {
        return future instanceof AsyncFrame<?> callee
                ? Chain.call(callee, self, below, cx)
                : Chain.pollLeaf(future, self, below, cx, depth);
    }

    /** {@return {@link #SUSPENDED}, for the body to return} Notes where it suspends. */
    public static Object suspendAt(Future<?> frame, int point) {
        of(frame).suspendAt(point);
        return SUSPENDED;
    }

    /**
     * {@return what the body returns} Notes where it suspends in its first run.
     *
     * @param below the same as frame, if the body had that before
     */
    public static Object suspendFirst(Future<?> frame, Future<?> below, Context cx, int point) {
        if (frame == below) {
            return suspendAt(frame, point);
        }
        Chain.suspendMade(of(frame), of(below), cx, point);
        return Chain.MADE;
    }

    /** What {@code startCalled} returns of a body that ran in {@code frame}, and returned {@code out}. */
    public static @Nullable Object called(
            @Nullable Object out, AsyncFrame<?> frame, @Nullable AsyncFrame<?> caller, Context cx) {
        return out == SUSPENDED ? Chain.called(frame, caller, cx) : out;
    }

    /** {@return what a body awaited, first thing where it is resumed; or throws what that threw} */
    public static @Nullable Object resumed(@Nullable Object in) throws Throwable {
        return Chain.resumed(in);
    }

    /**
     * First thing in a {@code catch} whose {@code try} holds awaits: while the frame is being dropped at one of them, what was
     * caught flies on.
     *
     * @param points the awaits, a char each, that are in no cleanup within that {@code try}
     */
    public static void caught(@Nullable Future<?> frame, Throwable caught, String points) throws Throwable {
        if (frame != null) {
            of(frame).caught(caught, points);
        }
    }

    /** At the normal end of an outermost cleanup that holds awaits: goes on with a drop that arrived meanwhile. */
    public static void endCleanup(@Nullable Future<?> frame) throws Throwable {
        if (frame != null) {
            of(frame).endCleanup();
        }
    }

    /** Where a body has opened the resources it was given: goes on with a drop that came before the first poll. */
    public static void openedCaptures(@Nullable Future<?> frame) throws Throwable {
        if (frame != null) {
            of(frame).openedCaptures();
        }
    }

    /** {@code Async.spawn} in a body. */
    public static <T> JoinHandle<T> spawn(Future<? extends T> future, Context cx) {
        return cx.spawner().spawn(future);
    }

    /** {@code Async.spawnLocal} in a body. */
    public static <T> JoinHandle<T> spawnLocal(Future<? extends T> future, Context cx) {
        return cx.spawner().spawnLocal(future);
    }

    /**
     * {@return a new frame with these arguments, for a call of an async closure in a body}
     *
     * <p><em>Cancel safety:</em> that of the body.
     */
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
