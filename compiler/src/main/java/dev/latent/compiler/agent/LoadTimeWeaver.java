package dev.latent.compiler.agent;

import dev.latent.compiler.WeaveException;
import dev.latent.compiler.model.ClassFileOracle;
import dev.latent.compiler.names.Core;
import dev.latent.compiler.tool.Finding;
import dev.latent.compiler.weave.Weaver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.security.ProtectionDomain;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Weaves classes as they are loaded. The frame classes of a host have no files, and nobody can define a class in the host's
 * package before the host itself: so the host carries them as constants and defines them first thing in its static initializer,
 * see {@link FramesInside}.
 *
 * <p>A class that can't be woven is loaded as it is; its first {@code async(…)} then throws. Why is said on the error stream, since
 * the JVM keeps what a transformer throws to itself.
 */
final class LoadTimeWeaver implements ClassFileTransformer {
    private static final byte[] LAMBDAS = "java/lang/invoke/LambdaMetafactory".getBytes(StandardCharsets.UTF_8);

    /** What returns a future may be handed to somebody, see {@code Handovers}. */
    private static final byte[] FUTURES = (")" + Core.descriptor(Core.FUTURE)).getBytes(StandardCharsets.UTF_8);

    private final Map<ClassLoader, ClassFileOracle> oracles = new WeakHashMap<>();

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String name,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            byte[] classFile) {
        if (loader == null
                || name == null
                || redefined != null
                || !holds(classFile, LAMBDAS) && !holds(classFile, FUTURES)) {
            return null;
        }
        try {
            Map<String, byte[]> woven = Weaver.weaveAtLoad(classFile, oracle(loader));
            byte[] host = woven.remove(name);
            return host == null || woven.isEmpty() ? host : FramesInside.of(host, woven.values());
        } catch (WeaveException e) {
            System.err.println(Finding.of(name, classFile, e));
        } catch (RuntimeException e) {
            System.err.println(Finding.of(
                    name, classFile, WeaveException.fault(name.replace('/', '.'), "", name + ".class", 0, e)));
        }
        return null;
    }

    private static boolean holds(byte[] classFile, byte[] text) {
        for (int at = 0; at <= classFile.length - text.length; at++) {
            int k = 0;
            while (k < text.length && classFile[at + k] == text[k]) {
                k++;
            }
            if (k == text.length) {
                return true;
            }
        }
        return false;
    }

    private ClassFileOracle oracle(ClassLoader loader) {
        synchronized (oracles) {
            return oracles.computeIfAbsent(loader, l -> {
                WeakReference<ClassLoader> source = new WeakReference<>(l);
                return new ClassFileOracle(type -> find(source.get(), type));
            });
        }
    }

    private static Optional<byte[]> find(@Nullable ClassLoader loader, String type) {
        try (InputStream in = loader == null ? null : loader.getResourceAsStream(type + ".class")) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
