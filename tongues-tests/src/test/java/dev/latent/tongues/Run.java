package dev.latent.tongues;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;
import dev.latent.Waker;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of a run of a shape.
 *
 * @param waits how many waits there were that a drop may come at
 */
record Run(String result, List<String> trace, int waits) {
    private static final int MANY_POLLS = 10_000;

    /** Runs a shape of classes that are not woven; dropped at one of its waits, if {@code end} is not negative. */
    static Run plain(Method shape, int end) throws Exception {
        World world = new World(0, end);
        String result;
        try {
            result = String.valueOf(Plain.await(future(shape, world)));
        } catch (World.Dropped e) {
            result = "dropped";
        } catch (Exception e) {
            result = e.toString();
        }
        return of(result, world);
    }

    /** The same, of woven classes; each wait is pending so many times. */
    static Run woven(Method shape, int pends, int end) throws Exception {
        World world = new World(pends, end);
        Future<?> future = future(shape, world);
        if (!world.trace.isEmpty()) {
            throw new AssertionError(shape + " is not lazy: " + world.trace);
        }
        Context cx = new Context(world);
        for (int polls = 0; polls < MANY_POLLS; polls++) {
            cx.begin(Waker.noop());
            try {
                if (future.poll(cx) instanceof Poll.Ready<?>(var value)) {
                    return of(String.valueOf(value), world);
                }
            } catch (Exception e) {
                return of(e.toString(), world);
            }
            if (world.isAtEnd()) {
                return dropped(future, world, cx);
            }
        }
        throw new AssertionError(shape + " is still pending");
    }

    private static Run dropped(Future<?> future, World world, Context cx) {
        for (int polls = 0; polls < MANY_POLLS; polls++) {
            cx.begin(Waker.noop());
            if (future.pollDrop(cx) instanceof Poll.Ready<?>) {
                return of("dropped", world);
            }
        }
        throw new AssertionError(future + " is still being dropped");
    }

    private static Future<?> future(Method shape, World world) throws Exception {
        try {
            Object of = java.lang.reflect.Modifier.isStatic(shape.getModifiers())
                    ? null
                    : shape.getDeclaringClass().getConstructor().newInstance();
            return (Future<?>) shape.invoke(of, world);
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
        }
    }

    private static Run of(String result, World world) {
        return new Run(result, new ArrayList<>(world.trace), world.waits());
    }
}
