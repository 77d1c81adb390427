package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latent.internal.Undelivered;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is held is given back when nobody receives it, whatever it is wrapped in. */
class UndeliveredValuesTest {
    private final List<String> closed = new ArrayList<>();

    private Releasable held(String name) {
        return () -> closed.add(name);
    }

    @Test
    void aHeldValueIsClosed() {
        Undelivered.discard(held("a"));
        assertEquals(List.of("a"), closed);
    }

    @Test
    void soIsOneInsideWhatLatentWrapsValuesIn() {
        Undelivered.discard(new Item<>(held("item")));
        Undelivered.discard(new First<>(held("first")));
        Undelivered.discard(new Second<>(new Item<>(held("second"))));
        Undelivered.discard(new Third<>(held("third")));
        Undelivered.discard(new Fourth<>(held("fourth")));
        Undelivered.discard(new Timed.InTime<>(held("in time")));
        Undelivered.discard(new Outcome.Ok<>(held("ok")));
        Undelivered.discard(new Tuple2<>(held("a2"), held("b2")));
        Undelivered.discard(new Tuple3<>(held("a3"), held("b3"), held("c3")));
        Undelivered.discard(new Tuple4<>(held("a4"), held("b4"), held("c4"), new Tuple2<>("text", held("d4"))));
        assertEquals(
                List.of(
                        "item", "first", "second", "third", "fourth", "in time", "ok", "a2", "b2", "a3", "b3", "c3",
                        "a4", "b4", "c4", "d4"),
                closed);
    }

    @Test
    void whatHoldsNothingIsLetGo() {
        for (Object value :
                new Object[] {"text", Next.end(), new Item<>("x"), new Outcome.Failed<>(new Exception()), 7}) {
            Undelivered.discard(value);
        }
        Undelivered.discard(null);
        assertEquals(List.of(), closed);
    }

    @Test
    void oneThatThrowsKeepsNoOtherFromBeingClosed() {
        Releasable broken = () -> {
            throw new IllegalStateException("the close of one");
        };
        Undelivered.discard(new Tuple2<>(broken, held("the other")));
        assertEquals(List.of("the other"), closed);
        assertThrows(IllegalStateException.class, () -> Undelivered.discard(broken));
    }

    @Test
    void theEndIsOneInstance() {
        Next<String> text = Next.end();
        Next<Integer> number = Next.end();
        assertEquals(System.identityHashCode(text), System.identityHashCode(number));
    }
}
