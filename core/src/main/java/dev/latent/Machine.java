package dev.latent;

import java.util.Set;

/**
 * What of Latent is machine: it polls, and is no part of the program that a trace tells of. This is the one table of it; a class of core, io or
 * runtime that is moved to a package of its own has that package added here.
 */
final class Machine {
    /** Packages that hold nothing but machine. */
    static final Set<String> PACKAGES = Set.of(
            "dev.latent",
            "dev.latent.channel",
            "dev.latent.internal",
            "dev.latent.internal.combine",
            "dev.latent.internal.scope",
            "dev.latent.io",
            "dev.latent.io.spi",
            "dev.latent.runtime",
            "dev.latent.runtime.blocking",
            "dev.latent.runtime.driver",
            "dev.latent.runtime.driver.nio",
            "dev.latent.runtime.inspect",
            "dev.latent.runtime.system",
            "dev.latent.runtime.time",
            "dev.latent.stream",
            "dev.latent.sync",
            "dev.latent.task",
            "dev.latent.time",
            "dev.latent.world");

    /** In the name of each frame class, between that of its host and what tells it apart. */
    static final String FRAME_INFIX = "$async$";

    /** The methods by which a frame class calls its body. */
    static final Set<String> STEPS = Set.of("start", "startCalled", "step");

    /** The classes that are at work for a body that awaits. */
    static final Set<Class<?>> CHAIN = Set.of(AsyncFrame.class, FrameState.class, Chain.class, FrameDrop.class);

    /** The methods of {@link #CHAIN} that are called by whoever owns a root. */
    static final Set<String> ENTRANCES = Set.of("pollOwned", "pollDropOwned", "dropOwned");

    /** The loop of a chain, in whose place its suspended frames come. */
    static final Class<?> LOOP_CLASS = Chain.class;

    static final String LOOP = "run";

    /** The classes, beside {@link #CHAIN} and those in them, that only ask who owns a future. */
    static final Set<Class<?>> OWNERSHIP = Set.of(OwnedFuture.class, Owners.class, Woven.class);

    private Machine() {}

    /** {@return whether the class named {@code type} is machine, or a frame, whose calls of bodies are} */
    static boolean is(String type) {
        return PACKAGES.contains(type.substring(0, Math.max(0, type.lastIndexOf('.')))) || isFrame(type);
    }

    private static boolean isFrame(String type) {
        return type.contains(FRAME_INFIX);
    }

    static boolean is(StackTraceElement e) {
        return is(e.getClassName());
    }

    /** {@return whether this is the call of a woven body} */
    static boolean isStep(StackTraceElement e) {
        return isFrame(e.getClassName()) && STEPS.contains(e.getMethodName());
    }

    /** {@return whether the machine is at work here, for a body that awaits} */
    static boolean isChain(StackTraceElement e) {
        return isOne(CHAIN, e.getClassName()) && !ENTRANCES.contains(e.getMethodName());
    }

    static boolean isLoop(StackTraceElement e) {
        return e.getMethodName().equals(LOOP) && e.getClassName().equals(LOOP_CLASS.getName());
    }

    /** {@return whether this only asks who owns a future}: an await, or what it has called. */
    static boolean isOwnership(StackTraceElement e) {
        String type = e.getClassName();
        return isFrame(type) || isOne(OWNERSHIP, type) || isOne(CHAIN, type.replaceFirst("\\$.*", ""));
    }

    private static boolean isOne(Set<Class<?>> of, String type) {
        return of.stream().anyMatch(each -> each.getName().equals(type));
    }
}
