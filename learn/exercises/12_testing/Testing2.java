// Of a future by hand a test wants to know when it is woken, and how often. So it polls by hand,
// with a waker that counts. A gate that looks first and leaves its waker after that may miss the
// opening in between; one that leaves none is never woken.
//
// Leave the waker, then look.

import dev.latent.AtomicWaker;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Poll;
import dev.latent.Poll.Ready;
import dev.latent.runtime.Latent;

class Gate {
    private final AtomicWaker waiting = new AtomicWaker();
    private volatile boolean open;

    Future<String> pass() {
        return Futures.pollFn(cx -> {
            return open ? Poll.ready("through") : Poll.pending();
        });
    }

    void open() {
        open = true;
        waiting.wake();
    }
}

int wakes;

void main() throws Exception {
    var gate = new Gate();
    var pass = gate.pass();
    var cx = new Context(Latent.on(Runnable::run));
    cx.begin(() -> wakes++);
    assert !(pass.poll(cx) instanceof Ready) : "the gate is closed";
    gate.open();
    assert wakes == 1 : "the gate has opened, and this many wakers were called: " + wakes;
    assert pass.poll(cx) instanceof Ready(var said) && said.equals("through");
}
