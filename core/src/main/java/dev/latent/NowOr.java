package dev.latent;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a method that makes a future: where a body awaits it in the same expression, {@code await(inbox.next())}, there is a way that needs no
 * future if it would be ready at its first poll. It is woven to
 *
 * <pre>{@code
 *   Object now = inbox.nextNow(cx);
 *   var value = now != Poll.pending() ? (Next<T>) now : await(inbox.next());
 * }</pre>
 *
 * <p>A future does nothing until it is awaited; here it is awaited where it is made, so nobody can tell the difference, except by the
 * allocations.
 *
 * <p><b>The sibling</b> is a public method of the same type, not static if that one is not, with the same parameters and a
 * {@link Context} behind them, that returns an {@link Object} and may throw. It gives, or throws, what the first poll of the future would, and spends
 * {@linkplain Context#spend() budget} as that does; or it gives {@link Poll#pending()}, always that instance, and has had no effect then: nobody
 * waits, nothing is registered, no budget is spent, no waker woken. It may do so whenever it likes, for instance when the budget {@linkplain Context#isSpent()
 * is spent}.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface NowOr {
    /** {@return the sibling's name} */
    String value();
}
