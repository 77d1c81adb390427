/** The context of OpenTelemetry as a task local, and spans of futures. */
module dev.latent.interop.opentelemetry {
    requires transitive dev.latent.core;
    requires transitive io.opentelemetry.api;
    requires transitive io.opentelemetry.context;
    requires static org.jspecify;

    exports dev.latent.interop.opentelemetry;
}
