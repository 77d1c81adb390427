package dev.latent.cli;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where classes come from. */
public final class Origin {
    private Origin() {}

    /** {@return the jar or folder of {@code type}} */
    public static Path of(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
