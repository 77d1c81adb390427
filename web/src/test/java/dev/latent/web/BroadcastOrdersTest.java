package dev.latent.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.runtime.LocalExecutor;
import dev.latent.web.http.ByteBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broadcast to one member, in every order of a few steps; a task is polled only when it was woken, so that a wake that is missing shows. */
@Timeout(120)
class BroadcastOrdersTest {
    private static final int LENGTH = 6;
    private static final Step[] STEPS = Step.values();

    private enum Step {
        SEND,
        SPEAK,
        OPEN,
        READ,
        GO_ON,
        DROP,
        LEAVE
    }

    private static final class Task {
        final Future<?> future;
        final String says;
        boolean woken = true;
        boolean ended;
        boolean dropped;

        Task(Future<?> future, String says) {
            this.future = future;
            this.says = says;
        }
    }

    private final class Run {
        final Context cx;
        final Broadcast broadcast;
        final Valve valve = new Valve(5);
        final FramedSocket socket =
                new FramedSocket(valve, Side.server(WebSocketLimits.DEFAULT, new ByteBudget(1 << 20)), null, null);
        final List<Task> senders = new ArrayList<>();
        final List<Task> speakers = new ArrayList<>();
        final Broadcast.Member member;
        final Task reader;
        boolean left;

        Run(Context cx, Broadcast broadcast) {
            this.cx = cx;
            this.broadcast = broadcast;
            this.member = broadcast.join(socket);
            this.reader = new Task(socket.receive(), "");
            poll(reader);
        }

        void poll(Task task) {
            if (task.ended || !task.woken) {
                return;
            }
            task.woken = false;
            cx.begin(() -> task.woken = true);
            try {
                task.ended = !task.future.poll(cx).equals(Poll.pending());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        void add(List<Task> to, Future<?> future, String says) {
            Task task = new Task(future, says);
            to.add(task);
            poll(task);
        }

        void step(Step step) {
            switch (step) {
                case SEND -> {
                    String says = "s" + senders.size();
                    add(senders, broadcast.send(PreparedMessage.text(says)), says);
                }
                case SPEAK -> {
                    String says = "o" + speakers.size();
                    add(speakers, socket.send(says), says);
                }
                case OPEN -> valve.open(3);
                case READ -> poll(reader);
                case GO_ON -> {
                    senders.forEach(this::poll);
                    speakers.forEach(this::poll);
                }
                case DROP -> {
                    for (Task task : senders) {
                        if (!task.ended) {
                            task.ended = true;
                            task.dropped = true;
                            task.future.drop();
                            return;
                        }
                    }
                }
                case LEAVE -> {
                    member.close();
                    left = true;
                }
            }
        }

        /** Everything goes on as it is woken, and the network takes all. */
        List<String> settle() throws Exception {
            valve.open(Valve.ALL);
            for (int i = 0; i < 50; i++) {
                poll(reader);
                step(Step.GO_ON);
            }
            List<Task> all = new ArrayList<>(senders);
            all.addAll(speakers);
            for (Task task : all) {
                assertTrue(task.ended, task.says + " is not woken");
            }
            assertFalse(valve.hasWriter());
            List<String> heard = Bytes.decode(valve.taken.toByteArray()).stream()
                    .map(text -> text.substring("text ".length()))
                    .toList();
            reader.future.drop();
            return heard;
        }
    }

    private static void check(Run run, List<String> heard) {
        List<String> own = heard.stream().filter(text -> text.startsWith("o")).toList();
        assertEquals(run.speakers.stream().map(task -> task.says).toList(), own);
        List<String> others =
                heard.stream().filter(text -> text.startsWith("s")).toList();
        assertEquals(others.stream().distinct().sorted().toList(), others, "in order, and none twice");
        if (!run.left) {
            long missed = run.member.missed();
            List<String> sure = run.senders.stream()
                    .filter(task -> !task.dropped)
                    .map(task -> task.says)
                    .toList();
            if (missed == 0) {
                assertTrue(others.containsAll(sure), others + " are not all of " + sure);
            } else {
                assertTrue(others.size() + missed >= sure.size());
                assertTrue(others.size() + missed <= run.senders.size());
            }
        }
    }

    private void everyOrder(boolean waits) throws Exception {
        try (var executor = new LocalExecutor()) {
            Context cx = new Context((Spawner) executor);
            int runs = (int) Math.pow(STEPS.length, LENGTH);
            for (int code = 0; code < runs; code++) {
                Step[] steps = new Step[LENGTH];
                for (int i = 0, rest = code; i < LENGTH; i++, rest /= STEPS.length) {
                    steps[i] = STEPS[rest % STEPS.length];
                }
                try {
                    Run run = new Run(cx, waits ? Broadcast.waiting(1) : Broadcast.dropOldest(1));
                    for (Step step : steps) {
                        run.step(step);
                    }
                    check(run, run.settle());
                } catch (AssertionError e) {
                    throw new AssertionError(Arrays.toString(steps), e);
                }
            }
        }
    }

    @Test
    void whereSlowMembersAreWaitedFor() throws Exception {
        everyOrder(true);
    }

    @Test
    void whereSlowMembersMissTheOldest() throws Exception {
        everyOrder(false);
    }
}
