package dev.latent.cli;

import picocli.CommandLine.IVersionProvider;

/** The version this was built as. */
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Main.class.getPackage().getImplementationVersion();
        return new String[] {"latent " + (version == null ? "(not packaged)" : version) + ", JDK " + Runtime.version()};
    }
}
