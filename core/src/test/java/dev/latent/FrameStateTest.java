package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The state word does what a model with a field for each thing does, and refuses the steps that begin elsewhere. */
class FrameStateTest {
    /** Nothing but its state. */
    private static final class State extends FrameState<String> {
        @Override
        protected Poll<String> pollOwned(Context cx) {
            return Poll.pending();
        }

        @Override
        protected void dropOwned() {}
    }

    /** What the word packs, each on its own. */
    private static final class Model {
        int point;

        @Nullable
        Integer unwindingFrom;

        boolean pattern;
        boolean called;
        boolean running;
        boolean dropping;
        boolean dropsLeaf;

        /** {@return whether the step may be taken}; takes it if so. */
        boolean take(int step, int k) {
            boolean may =
                    switch (step) {
                        case 0 -> point == 0 && unwindingFrom == null && !pattern && !called && !running && !dropping;
                        case 1 -> !pattern && !dropsLeaf && k > 0 && k <= FrameState.MAX_POINTS;
                        case 2 -> unwindingFrom == null;
                        case 3 -> !running && !pattern;
                        case 4 -> running;
                        case 5 -> !running && !dropping;
                        case 6 -> !called && !pattern && !running && !dropping;
                        case 7 -> unwindingFrom != null && !dropsLeaf;
                        default -> dropsLeaf;
                    };
            if (may) {
                switch (step) {
                    case 0 -> pattern = true;
                    case 1 -> point = k;
                    case 2 -> unwindingFrom = point;
                    case 3 -> running = true;
                    case 4 -> running = false;
                    case 5 -> dropping = true;
                    case 6 -> called = true;
                    case 7 -> dropsLeaf = true;
                    default -> dropsLeaf = false;
                }
            }
            return may;
        }
    }

    private static void take(State state, int step, int k) {
        switch (step) {
            case 0 -> state.becomePattern();
            case 1 -> state.suspendAt(k);
            case 2 -> state.unwindHere();
            case 3 -> state.pollBegins();
            case 4 -> state.pollEnds();
            case 5 -> state.dropBegins();
            case 6 -> state.becomeCalled();
            case 7 -> state.leafIsDropped();
            default -> state.leafHasEnded();
        }
    }

    private static void compare(Model model, State state, String how) {
        assertEquals(model.point, state.point(), how);
        assertEquals(model.pattern, state.isPattern(), how);
        assertEquals(model.called, state.isCalled(), how);
        assertEquals(model.running, state.isRunning(), how);
        assertEquals(model.dropping, state.isDropping(), how);
        assertEquals(model.dropsLeaf, state.dropsLeaf(), how);
        assertEquals(model.unwindingFrom != null, state.isUnwinding(), how);
        assertEquals(!model.running && !model.pattern, state.mayBePolled(), how);
        assertEquals(!model.running && !model.dropping, state.mayBeSpliced(), how);
        assertEquals(model.unwindingFrom != null && model.point == 0, state.isUnwindingFromItsStart(), how);
        if (model.unwindingFrom != null) {
            String from = String.valueOf((char) (int) model.unwindingFrom);
            assertEquals(true, state.isUnwindingFrom("\u2fff" + from), how);
            assertEquals(model.unwindingFrom == 7, state.isUnwindingFrom("\u0007"), how);
        } else {
            assertEquals(false, state.isUnwindingFrom("\u0000\u0001"), how);
        }
    }

    @Test
    void stepsAsInAModel() {
        int taken = 0;
        int refused = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            Model model = new Model();
            State state = new State();
            assertEquals(true, state.isFresh());
            List<String> steps = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                int step = random.nextInt(9);
                int k = random.nextInt(10) == 0 ? FrameState.MAX_POINTS + random.nextInt(2) : random.nextInt(9);
                steps.add(step + (step == 1 ? "(" + k + ")" : ""));
                String how = "seed " + seed + ": " + steps;
                if (model.take(step, k)) {
                    take(state, step, k);
                    taken++;
                } else {
                    assertThrows(AssertionError.class, () -> take(state, step, k), how);
                    refused++;
                }
                compare(model, state, how);
            }
            state.becomeFresh();
            assertEquals(true, state.isFresh());
        }
        assertEquals(240_000, taken + refused);
        assertEquals(true, taken > 50_000 && refused > 50_000, taken + " " + refused);
    }
}
