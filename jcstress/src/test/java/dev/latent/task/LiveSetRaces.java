package dev.latent.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.latent.Futures;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Of {@link LiveSet}: tasks that come and go on two threads, within one shard. What is not listed is forbidden. */
public final class LiveSetRaces {
    private LiveSetRaces() {}

    private static final OneTask HOME = new OneTask();

    private static SpawnedTask<?> task() {
        return new SpawnedTask<>(HOME, Futures.pending());
    }

    public abstract static class Three {
        final LiveSet live = new LiveSet(1);
        final SpawnedTask<?> first = task();
        final SpawnedTask<?> second = task();
        final SpawnedTask<?> third = task();

        /** {@return 1 when just {@code expected} are here, and can be removed} */
        final int holdsJust(SpawnedTask<?>... expected) {
            boolean just =
                    live.snapshot().size() == expected.length && live.snapshot().containsAll(List.of(expected));
            List.of(expected).forEach(live::remove);
            return just && live.snapshot().isEmpty() ? 1 : 0;
        }
    }

    @JCStressTest
    @Description("Two go: the one that fills a gap is where it thinks it is.")
    @Outcome(id = "1", expect = ACCEPTABLE)
    @State
    public static class RemoveOrRemove extends Three {
        public RemoveOrRemove() {
            live.add(first, 0);
            live.add(second, 0);
            live.add(third, 0);
        }

        @Actor
        public void removes() {
            live.remove(first);
        }

        @Actor
        public void removesToo() {
            live.remove(second);
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = holdsJust(third);
        }
    }

    @JCStressTest
    @Description("One goes as another comes.")
    @Outcome(id = "1", expect = ACCEPTABLE)
    @State
    public static class AddOrRemove extends Three {
        public AddOrRemove() {
            live.add(first, 0);
            live.add(second, 0);
        }

        @Actor
        public void removes() {
            live.remove(first);
        }

        @Actor
        public void adds() {
            live.add(third, 0);
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = holdsJust(second, third);
        }
    }
}
