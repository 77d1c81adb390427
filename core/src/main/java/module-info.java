/** Futures, wakers, combinators, channels and synchronisation. It knows no thread, clock, socket or random source. */
module dev.latent.core {
    requires static org.jspecify;
    requires static java.management;

    exports dev.latent;
    exports dev.latent.channel;
    exports dev.latent.stream;
    exports dev.latent.sync;
    exports dev.latent.task;
    exports dev.latent.time;
    exports dev.latent.world;
}
