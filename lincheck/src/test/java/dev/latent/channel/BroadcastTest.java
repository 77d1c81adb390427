package dev.latent.channel;

import dev.latent.Item;
import dev.latent.Linearizable;
import dev.latent.channel.Heard.Lagged;
import dev.latent.channel.Heard.Message;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/** {@link Broadcast} that keeps two messages, beside a list of all that was sent. */
@Param(name = "value", gen = IntGen.class, conf = "1:3")
@Param(name = "who", gen = IntGen.class, conf = "0:1")
public class BroadcastTest extends Linearizable {
    private final Broadcast<Integer> broadcast = Broadcast.of(2);
    private final List<Subscription<Integer>> subscriptions = List.of(broadcast.subscribe(), broadcast.subscribe());

    public BroadcastTest() {
        super(Model.class);
    }

    @Operation(params = "value")
    public void send(int value) {
        broadcast.send(value);
    }

    /** {@return the message; below zero: how many are missed; 0: none} */
    @Operation(params = "who")
    public long tryReceive(int who) {
        return switch (subscriptions.get(who).tryReceive()) {
            case Item<Heard<Integer>>(Message<Integer>(Integer value)) -> value;
            case Item<Heard<Integer>>(Lagged<Integer>(long missed)) -> -missed;
            default -> 0;
        };
    }

    /** All that was sent, and how far each has come. */
    public static class Model {
        private final List<Integer> sent = new ArrayList<>();
        private final int[] positions = new int[2];

        public void send(int value) {
            sent.add(value);
        }

        public long tryReceive(int who) {
            int missed = sent.size() - 2 - positions[who];
            if (missed > 0) {
                positions[who] += missed;
                return -missed;
            }
            return positions[who] < sent.size() ? sent.get(positions[who]++) : 0;
        }
    }
}
