package dev.latent.examples.rules;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Does all that {@link OutsideTest} looks for; never run. */
final class Offender {
    static int changing;
    static final List<String> list = new ArrayList<>();
    static final Offender self = new Offender();
    static final ThreadLocal<String> lazily = ThreadLocal.withInitial(() -> "");
    static final String CONSTANT = "constant";
    static final Supplier<Instant> BY_REFERENCE = Instant::now;

    private int state;

    int offend() throws IOException, InterruptedException {
        System.getLogger("x");
        Thread.ofVirtual().start(() -> {});
        Thread.sleep(ThreadLocalRandom.current().nextInt());
        Selector.open().close();
        state += Files.exists(Path.of("x")) ? 1 : 0;
        state += InetAddress.getLocalHost().hashCode();
        state += new HashSet<>(list).size() + (Thread.currentThread().isDaemon() ? 1 : 0);
        return state + changing;
    }
}
