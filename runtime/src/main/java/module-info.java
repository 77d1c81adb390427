/** Executors, timers, the I/O driver and the blocking pool. */
module dev.latent.runtime {
    requires transitive dev.latent.core;
    requires transitive dev.latent.io;
    requires static org.jspecify;
    requires static java.management;
    requires jdk.unsupported; // signals

    exports dev.latent.runtime;
    exports dev.latent.runtime.inspect;
}
