package dev.latent.compiler.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the weaver has to know of other classes; names are internal, {@code java/lang/String}. */
public interface TypeOracle {
    /** {@return whether {@code type} is {@code dev.latent.AsyncCloseable} or a subtype} */
    boolean isAsyncCloseable(String type);

    /** {@return whether {@code type} is an interface annotated {@code @AsyncClosure}, or extends one} */
    boolean isAsyncClosure(String type);

    /** {@return whether {@code name} is the one abstract method, with so many parameters, of such an interface} */
    boolean isAsyncCall(String type, String name, int parameters);

    /** {@return whether values of {@code type} are bound to a thread, by {@code @NotSend}} */
    boolean isNotSend(String type);

    /** {@return what binds the futures that a method of {@code type} returns to their thread, or null} */
    @Nullable
    String notSend(String type, String method, String descriptor);

    /** {@return the name of the method that a method of {@code type} has for an await that needs no future, by {@code @NowOr}, or null} */
    @Nullable
    String nowSibling(String type, String method, String descriptor);

    /** {@return the class that a method with the annotation {@code type} hands its future to, by {@code @HandedTo}, or null} */
    @Nullable
    String handedTo(String type);

    /** {@return what was found to bind the futures of methods of {@code type}, by name and descriptor, for the weaver to record} */
    Map<String, String> foundNotSend(String type);
}
