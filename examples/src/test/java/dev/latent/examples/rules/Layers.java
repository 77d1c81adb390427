package dev.latent.examples.rules;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The layers, from below: their packages, and which of those below they may use. A package that stands in none is an error, so a new one
 * is put where it belongs.
 */
final class Layers {
    /** Of packages; one that ends in {@code ..} stands for all below it too. */
    private static final Map<String, List<String>> PACKAGES = new LinkedHashMap<>();

    private static final Map<String, Set<String>> MAY_USE = new LinkedHashMap<>();

    static {
        layer(
                "core",
                "dev.latent dev.latent.internal.. dev.latent.world dev.latent.task dev.latent.time dev.latent.channel dev.latent.sync dev.latent.stream");
        layer("io", "dev.latent.io..", "core");
        layer("runtime", "dev.latent.runtime..", "core", "io");
        layer("resilience", "dev.latent.resilience", "core");
        layer(
                "interop",
                "dev.latent.interop.http dev.latent.interop.opentelemetry dev.latent.interop.resilience4j dev.latent.interop.slf4j",
                "core",
                "io");
        layer("web", "dev.latent.web..", "core", "io");
        layer("junit", "dev.latent.junit..", "core", "io", "runtime");
        layer("compiler", "dev.latent.compiler..");
        layer("maven-plugin", "dev.latent.maven..", "compiler");
        layer("examples", "dev.latent.examples..", "core", "io", "runtime", "resilience", "interop", "web");
        layer("cli", "dev.latent.cli..", "core", "io", "runtime", "resilience", "web", "compiler", "examples");
    }

    private Layers() {}

    private static void layer(String name, String packages, String... mayUse) {
        PACKAGES.put(name, List.of(packages.split(" ")));
        MAY_USE.put(name, Set.of(mayUse));
    }

    /** {@return all, from below} */
    static Stream<String> all() {
        return PACKAGES.keySet().stream();
    }

    /** {@return the layer of a package, or null} */
    static @Nullable String of(String packageName) {
        for (Map.Entry<String, List<String>> layer : PACKAGES.entrySet()) {
            for (String pattern : layer.getValue()) {
                boolean below = pattern.endsWith("..");
                String root = below ? pattern.substring(0, pattern.length() - 2) : pattern;
                if (packageName.equals(root) || below && packageName.startsWith(root + ".")) {
                    return layer.getKey();
                }
            }
        }
        return null;
    }

    static boolean mayUse(String from, String to) {
        return from.equals(to) || MAY_USE.get(from).contains(to);
    }
}
