/** The MDC of SLF4J as a task local. */
module dev.latent.interop.slf4j {
    requires transitive dev.latent.core;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.latent.interop.slf4j;
}
