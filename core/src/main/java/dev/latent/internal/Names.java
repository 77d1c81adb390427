package dev.latent.internal;

import org.jspecify.annotations.Nullable;

/** Words for a person, of objects that the program has made: they may have none, and a {@code toString} of theirs may fail. */
public final class Names {
    private Names() {}

    /** {@return what {@code object} says of itself; the name of its class where that is nothing but an identity hash, or a failure} */
    public static String of(@Nullable Object object) {
        if (object == null) {
            return "null";
        }
        try {
            String own = object.toString();
            return own.equals(object.getClass().getName() + "@" + Integer.toHexString(object.hashCode()))
                    ? of(object.getClass())
                    : own;
        } catch (Throwable t) {
            return failed(object.getClass(), t);
        }
    }

    private static String failed(Class<?> type, Throwable thrown) {
        try {
            // concat needs no linking, which a stack overflow in a toString might have broken for good
            return of(type).concat(", whose toString threw ")
                    .concat(thrown.getClass().getName());
        } catch (Throwable noMemory) {
            return "something that can't be named";
        }
    }

    private static String of(Class<?> type) {
        String name = type.getName();
        int lambda = name.indexOf("$$Lambda");
        return lambda < 0 ? name : "a lambda of " + name.substring(0, lambda);
    }
}
