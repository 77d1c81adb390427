// An executor polls, and then waits until the waker is called. This one drives a single future; a
// poll after another without waiting would get there, too, and heat the room meanwhile.
//
// Poll only when it was woken. A Semaphore without permits can be waited for.

import static dev.latent.Async.*;
import static java.time.Duration.ofMillis;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Poll;
import dev.latent.Poll.Ready;
import dev.latent.Waker;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import java.util.concurrent.Semaphore;

<T> T drive(Future<T> future) throws Exception {
    var cx = new Context(Latent.on(Runnable::run)); // what futures ask for, a clock for instance, is the system's
    var woken = new Semaphore(0);
    Waker waker = woken::release;
    while (true) {
        cx.begin(waker);
        if (future.poll(cx) instanceof Ready(var value)) {
            return value;
        }
    }
}

int polls;

void main() throws Exception {
    Future<Void> nap = sleep(ofMillis(20));
    String value = drive(Futures.pollFn(cx -> {
        polls++;
        return nap.poll(cx) instanceof Ready ? Poll.ready("awake") : Poll.pending();
    }));
    assert value.equals("awake") : value;
    assert polls == 2 : "one poll to begin, one when it was woken: not " + polls;
}
