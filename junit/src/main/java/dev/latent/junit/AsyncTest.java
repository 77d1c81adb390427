package dev.latent.junit;

import dev.latent.HandedTo;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that returns a {@link dev.latent.Future}, which is run to its end.
 *
 * <pre>{@code
 *   @AsyncTest
 *   Future<Void> aDayIsNotLong() {
 *       return async(() -> {
 *           await(sleep(Duration.ofDays(1)));
 *       });
 *   }
 * }</pre>
 *
 * <p><b>It fails</b> when the future does; when at its end a task is left, that nobody has awaited, cancelled or dropped; when a failure was nobody's: of a
 * task whose handle nobody read, or of a cleanup; and when it takes too long, by {@link #timeout} or {@link #realTimeout}. The last tell what every
 * task waits for. It does not fail for waiting: its time is {@linkplain TestTime#VIRTUAL virtual}.
 *
 * <p><b>Its schedule comes from a seed.</b> Which of the ready tasks is next, where a {@code select} begins, and whatever else asks for chance: from one
 * seed the same test takes the same course. Each failure names its seed, as a suppressed {@link SeedNote}. With {@link #seeds} the
 * test is tried under many.
 *
 * <p>It runs on one thread, on a {@link dev.latent.runtime.LocalExecutor} of its own, which methods with {@link Awaited}, such as a {@code @BeforeEach},
 * share with it. It may have a parameter of type {@link TestClock}. For a {@code @ParameterizedTest} or {@code @RepeatedTest} take {@link Awaited}
 * instead.
 *
 * <p>The class has to be compiled with Latent's compiler, like all that has async bodies.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@TestTemplate
@ExtendWith(SeedProvider.class)
@HandedTo(Handover.class)
public @interface AsyncTest {
    /** {@return the time it has} */
    TestTime clock() default TestTime.VIRTUAL;

    /**
     * {@return where its schedule comes from; 0: another one in each run}
     *
     * <p>The system property {@value SeedNote#PROPERTY} comes before this and {@link #seeds}, to replay one.
     */
    long seed() default 0;

    /** {@return under how many seeds it is tried, the one after the other, each with an instance of the class of its own} */
    int seeds() default 1;

    /**
     * {@return how much virtual time may pass, a number and one of {@code ns}, {@code us}, {@code ms}, {@code s}, {@code m}, {@code h}, {@code d};
     * {@code 0s}: any}
     */
    String timeout() default Awaited.TIMEOUT;

    /** {@return how much real time may pass, written as {@link #timeout} is; {@code 0s}: any} */
    String realTimeout() default Awaited.REAL_TIMEOUT;
}
