// A failure's trace is the chain of awaits: innermost first, each body once, without the executor's
// loop. So a trace that was kept says where to look. This one's message has lost what it was about.
//
// Write `culprit`: the name of the method whose body threw.

import static dev.latent.Async.*;
import static java.time.Duration.ofMillis;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.io.IOException;

Future<Void> reserve(String item) {
    return async(() -> {
        await(sleep(ofMillis(1)));
        throw new IOException("sold out");
    });
}

Future<Void> pay() {
    return async(() -> await(sleep(ofMillis(1))));
}

Future<Void> checkout() {
    return async(() -> {
        await(pay());
        await(reserve("tea"));
    });
}

String culprit(Exception failure) {
    return failure.getStackTrace()[0].getMethodName();
}

void main() throws Exception {
    try {
        Latent.blockOn(checkout(), Latent.system().with(Clock.class, new VirtualClock()));
    } catch (IOException e) {
        assert culprit(e).equals("reserve") : "no method is called \"" + culprit(e) + "\"";
        assert e.getStackTrace()[1].getMethodName().equals("checkout");
    }
}
