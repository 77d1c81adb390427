package dev.latent.sync;

import dev.latent.Choices;
import dev.latent.Context;
import dev.latent.Nowhere;
import dev.latent.Waker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Runs a few actors in every order in which an executor might poll them, each of them dropped at every point at which it can be, up to so
 * many drops in one run. An actor is polled only when it is new or has been woken; so an order in which a wake is lost ends with one that
 * waits for ever.
 */
public final class Interleavings {
    /** One that is polled. */
    public interface Actor {
        /** {@return whether it has ended} */
        boolean poll(Context cx) throws Exception;

        /** It has not ended, and is polled no more. */
        void drop();
    }

    /** Actors, and what has to be so when nothing is left to do. */
    public interface Scene {
        List<Actor> actors();

        /** @param stuck actors that have not ended, and that nobody has woken */
        void atEnd(List<Actor> stuck);
    }

    private static final class Seat implements Waker {
        final Actor actor;
        boolean due = true;
        boolean ended;

        Seat(Actor actor) {
            this.actor = actor;
        }

        @Override
        public void wake() {
            due = true;
        }
    }

    private final Choices choices = new Choices();

    private Interleavings() {}

    /** {@return how many runs there are} */
    public static int explore(int drops, Supplier<Scene> scenes) throws Exception {
        Interleavings all = new Interleavings();
        int runs = 0;
        do {
            try {
                all.run(drops, scenes.get());
            } catch (Throwable t) {
                throw new AssertionError("run " + runs + ", " + all.choices, t);
            }
            runs++;
        } while (all.choices.next());
        return runs;
    }

    private void run(int drops, Scene scene) throws Exception {
        List<Seat> seats = new ArrayList<>();
        scene.actors().forEach(actor -> seats.add(new Seat(actor)));
        Context cx = new Context(new Nowhere());
        int dropsLeft = drops;
        while (true) {
            List<Seat> polls = seats.stream().filter(s -> s.due && !s.ended).toList();
            List<Seat> left = dropsLeft == 0
                    ? List.of()
                    : seats.stream().filter(s -> !s.ended).toList();
            boolean mayStop = polls.isEmpty();
            int options = polls.size() + left.size() + (mayStop ? 1 : 0);
            int chosen = choices.choose(options);
            if (mayStop && chosen == options - 1) {
                scene.atEnd(
                        seats.stream().filter(s -> !s.ended).map(s -> s.actor).toList());
                return;
            }
            if (chosen < polls.size()) {
                Seat seat = polls.get(chosen);
                seat.due = false;
                cx.begin(seat);
                seat.ended = seat.actor.poll(cx);
            } else {
                Seat seat = left.get(chosen - polls.size());
                seat.ended = true;
                dropsLeft--;
                seat.actor.drop();
            }
        }
    }
}
