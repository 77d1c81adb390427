package dev.latent;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method whose future loses something when it is dropped half-way and made anew; its Javadoc says what, under <em>Cancel
 * safety</em>. The compiler then warns where a {@code select} in a loop would do that, and {@link Async#pin} is the remedy.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface NotCancelSafe {}
