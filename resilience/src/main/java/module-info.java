/** When things fail, or may not go on at full speed: retries, rate limits, bulkheads, hedges. */
module dev.latent.resilience {
    requires transitive dev.latent.core;
    requires static org.jspecify;

    exports dev.latent.resilience;
}
