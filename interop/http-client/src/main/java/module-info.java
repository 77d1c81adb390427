/** The HTTP and WebSocket client of the JDK, for async bodies. */
module dev.latent.interop.http {
    requires transitive dev.latent.core;
    requires transitive dev.latent.io;
    requires transitive java.net.http;
    requires static org.jspecify;

    exports dev.latent.interop.http;
}
