package dev.latent;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks what a future leaves half done when it is dropped half-way: on a method the object that it is called on, on a parameter that argument. Half a
 * line has been written, and whatever is written next comes behind it. The method's Javadoc says so, under <em>Cancel safety</em>.
 *
 * <p>The compiler then warns where a {@code select} or a {@code timeout} may have dropped such a future, and the body goes on with the
 * object. Where the method is not {@link NotCancelSafe} as well, it may be called again with the same arguments, and goes on where it was: a {@link
 * java.nio.ByteBuffer} knows how much of it was taken.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.PARAMETER})
public @interface LeavesHalf {}
