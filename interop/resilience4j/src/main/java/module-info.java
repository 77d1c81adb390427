/** Resilience4j's circuit breaker around an async body. */
module dev.latent.interop.resilience4j {
    requires transitive dev.latent.core;
    requires transitive io.github.resilience4j.circuitbreaker;
    requires static org.jspecify;

    exports dev.latent.interop.resilience4j;
}
