/** The weaver. It belongs on the processor path, never in a module-info of yours. */
module dev.latent.compiler {
    requires jdk.compiler;
    requires static org.jspecify;

    exports dev.latent.compiler;
}
