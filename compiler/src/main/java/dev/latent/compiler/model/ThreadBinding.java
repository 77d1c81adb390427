package dev.latent.compiler.model;

import org.jspecify.annotations.Nullable;

/** What binds a future to its thread, in words: the same whether it was found in the source or in a class file. */
public final class ThreadBinding {
    private ThreadBinding() {}

    /**
     * {@return what binds a body that holds a value over an await}
     *
     * @param variable null where the value has no name
     */
    public static String across(@Nullable String variable, String type, @Nullable String file, long line) {
        return value(variable, type) + " lives across the await at " + place(file, line);
    }

    /** {@return what binds a body that has captured a variable} */
    public static String captured(@Nullable String variable, String type, @Nullable String file, long line) {
        return value(variable, type) + " is captured by the async body at " + place(file, line);
    }

    /** {@return what binds the futures of a method whose annotation doesn't say why} */
    public static String marked(CharSequence method) {
        return "what " + method + " returns is marked @NotSend";
    }

    private static String value(@Nullable String variable, String type) {
        String simple = type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1);
        return (variable == null ? "a value" : "`" + variable + "`") + " (" + simple + ", bound to a thread)";
    }

    private static String place(@Nullable String file, long line) {
        return (file == null ? "an unknown place" : file) + (line > 0 ? ":" + line : "");
    }
}
