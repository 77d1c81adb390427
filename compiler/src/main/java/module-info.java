/** The weaver. It belongs on the processor path, never in a module-info of yours. */
module dev.latent.compiler {
    requires jdk.compiler;
    requires static java.instrument;
    requires static org.jspecify;

    exports dev.latent.compiler;

    uses javax.annotation.processing.Processor;

    provides com.sun.source.util.Plugin with
            dev.latent.compiler.javac.LatentPlugin;
    provides javax.annotation.processing.Processor with
            dev.latent.compiler.javac.LatentProcessor;

    exports dev.latent.compiler.tool;
}
