/** The outside world as async programs see it: interfaces, and what is built of them. No implementation: an executor's world brings that. */
module dev.latent.io {
    requires transitive dev.latent.core;
    requires static org.jspecify;

    exports dev.latent.io;
    exports dev.latent.io.spi;
}
