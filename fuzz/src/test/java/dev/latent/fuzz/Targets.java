package dev.latent.fuzz;

import dev.latent.io.CodecFuzz;
import dev.latent.web.DeflateFuzz;
import dev.latent.web.FrameFuzz;
import dev.latent.web.HandshakeFuzz;
import dev.latent.web.ProxyFuzz;
import dev.latent.web.ServerFuzz;
import dev.latent.web.http.FieldsFuzz;
import dev.latent.web.http.MultipartFuzz;
import dev.latent.web.http.PathFuzz;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** All targets, and one made of them: an input's first byte says which of them gets the rest. */
public final class Targets {
    static final List<Class<?>> ALL = List.of(
            ServerFuzz.class,
            HandshakeFuzz.class,
            FrameFuzz.class,
            DeflateFuzz.class,
            CodecFuzz.class,
            MultipartFuzz.class,
            ProxyFuzz.class,
            PathFuzz.class,
            FieldsFuzz.class);

    private Targets() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        if (input.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        switch ((input[0] & 0xff) % ALL.size()) {
            case 0 -> ServerFuzz.fuzzerTestOneInput(rest);
            case 1 -> HandshakeFuzz.fuzzerTestOneInput(rest);
            case 2 -> FrameFuzz.fuzzerTestOneInput(rest);
            case 3 -> DeflateFuzz.fuzzerTestOneInput(rest);
            case 4 -> CodecFuzz.fuzzerTestOneInput(rest);
            case 5 -> MultipartFuzz.fuzzerTestOneInput(rest);
            case 6 -> ProxyFuzz.fuzzerTestOneInput(rest);
            case 7 -> PathFuzz.fuzzerTestOneInput(rest);
            default -> FieldsFuzz.fuzzerTestOneInput(rest);
        }
    }

    /** {@return what to begin with} */
    @SuppressWarnings("unchecked")
    static List<byte[]> seeds(Class<?> target) {
        if (target != Targets.class) {
            try {
                return (List<byte[]>) target.getMethod("seeds").invoke(null);
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < ALL.size(); i++) {
            for (byte[] seed : seeds(ALL.get(i))) {
                byte[] chosen = new byte[1 + seed.length];
                chosen[0] = (byte) i;
                System.arraycopy(seed, 0, chosen, 1, seed.length);
                all.add(chosen);
            }
        }
        return all;
    }
}
