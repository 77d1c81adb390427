package dev.latent.runtime.driver.nio;

import dev.latent.Context;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import java.io.IOException;

/** A future of something that never waits, done at its first poll. */
final class NioAction extends OwnedFuture<Void> {
    /** What it does. */
    interface Work {
        void run() throws IOException;
    }

    private final String name;
    private final Work work;

    NioAction(String name, Work work) {
        this.name = name;
        this.work = work;
    }

    @Override
    protected Poll<Void> pollOwned(Context cx) throws IOException {
        work.run();
        return Poll.done();
    }

    @Override
    protected void dropOwned() {}

    @Override
    public String toString() {
        return name;
    }
}
