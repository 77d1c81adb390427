package dev.latent.maven;

import java.io.File;
import java.util.List;
import javax.inject.Inject;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.apache.maven.toolchain.ToolchainManager;

/** Weaves the project's classes, in place. */
@Mojo(
        name = "weave",
        defaultPhase = LifecyclePhase.PROCESS_CLASSES,
        requiresDependencyResolution = ResolutionScope.COMPILE,
        threadSafe = true)
public final class WeaveMojo extends AbstractWeaveMojo {
    @Parameter(defaultValue = "${project.build.outputDirectory}", readonly = true, required = true)
    @SuppressWarnings("NullAway.Init") // by Maven
    private File folder;

    @Parameter(defaultValue = "${project.compileClasspathElements}", readonly = true, required = true)
    @SuppressWarnings("NullAway.Init") // by Maven
    private List<String> classPath;

    /** For Maven. */
    @Inject
    public WeaveMojo(ToolchainManager toolchains) {
        super(toolchains);
    }

    @Override
    public void execute() throws MojoExecutionException, MojoFailureException {
        weave(folder, classPath);
    }
}
