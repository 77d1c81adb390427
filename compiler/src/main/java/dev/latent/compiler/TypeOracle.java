package dev.latent.compiler;

/** What the weaver has to know of other classes; names are internal, {@code java/lang/String}. */
public interface TypeOracle {
    /** {@return whether {@code type} is {@code dev.latent.AsyncCloseable} or a subtype} */
    boolean isAsyncCloseable(String type);

    /** {@return whether {@code type} is an interface annotated {@code @AsyncClosure}, or extends one} */
    boolean isAsyncClosure(String type);

    /** {@return whether {@code name} is the one abstract method, with so many parameters, of such an interface} */
    boolean isAsyncCall(String type, String name, int parameters);
}
