package dev.latent.junit;

import dev.latent.HandedTo;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * On a method that JUnit calls and that returns a {@link dev.latent.Future}: the future is run to its end.
 *
 * <pre>{@code
 *   @ParameterizedTest
 *   @ValueSource(ints = {1, 10, 100})
 *   @Awaited
 *   Future<Void> takesAny(int n) { … }
 *
 *   @BeforeEach
 *   @Awaited
 *   Future<Void> open() { … }
 * }</pre>
 *
 * <p>On a test it means what {@link AsyncTest} does, and says the same; for {@code @Test}, {@code @RepeatedTest}, {@code @ParameterizedTest}. On {@code @BeforeEach} and
 * {@code @AfterEach} the future runs where the test does, and what it leaves may be taken down again by {@code @AfterEach}; what stands here besides is without
 * meaning then. On {@code @BeforeAll} and {@code @AfterAll} it runs on its own, and leaves nothing.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@ExtendWith(RunExtension.class)
@HandedTo(Handover.class)
public @interface Awaited {
    /** As many sleeps of a second as a machine does in a few. */
    String TIMEOUT = "30d";

    /** Where a test is busy for longer, nobody waits for it gladly. */
    String REAL_TIMEOUT = "20s";

    /** {@return as {@link AsyncTest#clock}} */
    TestTime clock() default TestTime.VIRTUAL;

    /** {@return as {@link AsyncTest#seed}} */
    long seed() default 0;

    /** {@return as {@link AsyncTest#timeout}} */
    String timeout() default TIMEOUT;

    /** {@return as {@link AsyncTest#realTimeout}} */
    String realTimeout() default REAL_TIMEOUT;
}
