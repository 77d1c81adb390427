// A future by hand is two methods. `poll` returns Poll.ready(value), or Poll.pending() and then
// somebody has to call cx.waker().wake() when there is a reason to poll again. A future that
// forgets that is never polled again: then every task waits, and no time would help, as a virtual
// clock tells you.
//
// Let the countdown ask for its next poll.

import static dev.latent.Async.*;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;

class Countdown implements Future<String> {
    int left = 3;

    @Override
    public Poll<String> poll(Context cx) {
        if (left-- == 0) {
            return Poll.ready("liftoff");
        }
        cx.waker().wake();
        return Poll.pending();
    }

    @Override
    public void drop() {}
}

void main() throws Exception {
    String said = Latent.blockOn(new Countdown(), Latent.system().with(Clock.class, new VirtualClock()));
    assert said.equals("liftoff") : said;
}
