package dev.latent;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On an annotation: a method with that annotation which returns a {@link Future} is called by a framework that knows only methods without a result,
 * as the test engines do. The weaver gives the class
 *
 * <pre>{@code
 *   void works() throws Exception {       // with the annotations, parameters and access of the one in the source
 *     Runner.run(works$future());         // the one in the source, renamed and without annotations
 *   }
 * }</pre>
 *
 * <p>It is found on annotations of annotations too. Calls in the class itself, and of {@code super}, follow the new name; a call from another class does
 * not find the method any more.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.ANNOTATION_TYPE)
public @interface HandedTo {
    /** {@return a class with a public method {@code static void run(Future<?>)}, which may throw anything} */
    Class<?> value();
}
