package dev.latent.runtime;

import dev.latent.Linearizable;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.Operation;

/** {@link Inbox} beside a list that can be closed; one thread reads and closes. */
public class InboxTest extends Linearizable {
    private final Inbox<Integer> inbox = new Inbox<>();

    public InboxTest() {
        super(Model.class);
    }

    @Override
    protected int threads() {
        return 3;
    }

    @Operation
    public String post(int message) {
        return inbox.post(message).name();
    }

    @Operation(nonParallelGroup = "reader")
    public List<Integer> take() {
        List<Integer> taken = new ArrayList<>();
        inbox.take(taken::add);
        return taken;
    }

    @Operation(nonParallelGroup = "reader")
    public boolean close() {
        return inbox.close();
    }

    /** What was posted and not taken. */
    public static class Model {
        private List<Integer> messages = new ArrayList<>();
        private boolean closed;

        public String post(int message) {
            if (closed) {
                return "CLOSED";
            }
            messages.add(message);
            return messages.size() == 1 ? "FIRST" : "MORE";
        }

        public List<Integer> take() {
            List<Integer> taken = messages;
            messages = new ArrayList<>();
            return taken;
        }

        public boolean close() {
            closed |= messages.isEmpty();
            return closed;
        }
    }
}
