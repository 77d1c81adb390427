/** Tests without waiting: futures as JUnit tests, with virtual time and seeded schedules, and a kit to poll by hand. */
module dev.latent.junit {
    requires transitive dev.latent.core;
    requires transitive dev.latent.io;
    requires transitive org.junit.jupiter.api;
    requires dev.latent.runtime;
    requires static org.jspecify;
    requires static org.junit.platform.engine;

    exports dev.latent.junit;

    provides org.junit.platform.engine.TestEngine with
            dev.latent.junit.UnwovenTests;
}
