package dev.latent;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks what is bound to a thread: a widget, a transaction that lives in a thread-local, a context of a native library. It does not mean
 * "not thread-safe": each poll of a task happens-before the next, so plain objects may migrate with it.
 *
 * <p>On a type, it holds for all subtypes. A future is bound to its thread when its body captures a value of such a type, holds one across an
 * await, or awaits a future that is bound. Spawning it where tasks move between threads is the compile error {@code latent:not-send}, and
 * an {@link IllegalStateException} at the {@code spawn} that javac could not see; {@link Spawner#spawnLocal} is always free.
 *
 * <p>On a method, the future that it returns is bound. javac finds that out by itself for methods with a body, and the weaver records it in the class
 * for those who compile against it; written by hand, it is how an abstract method says so.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface NotSend {
    /** What binds it, for a person to read; the weaver writes the variable and the await. */
    String value() default "";
}
