package dev.latent.web.http;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.fuzz.Cuts;
import dev.latent.fuzz.Machine;
import dev.latent.io.FileInfo;
import dev.latent.io.Files;
import dev.latent.io.OpenFile;
import dev.latent.io.Reading;
import dev.latent.io.TempFile;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Paths as they come: what is decoded is what a decoder by the RFC's letter makes of it, and a file that is looked for by one lies in its folder, and neither it nor a folder on
 * the way is hidden.
 */
public final class PathFuzz {
    private static final Path ROOT = Path.of("/srv/site");

    /** A disk on which nothing is, that notes what is looked for. */
    private static final class Noted implements Files {
        final List<Path> asked = new ArrayList<>();

        @Override
        public Future<OpenFile> open(Path path, Reading how) {
            asked.add(path);
            if (!ROOT.equals(how.below())) {
                throw new AssertionError("not kept below " + ROOT + ": " + path);
            }
            return Futures.failed(new NoSuchFileException(path.toString()));
        }

        @Override
        public Future<FileInfo> look(Path path) {
            throw new AssertionError(path);
        }

        @Override
        public Future<List<Path>> list(Path folder) {
            throw new AssertionError(folder);
        }

        @Override
        public Future<Void> write(Path path, ByteBuffer from) {
            throw new AssertionError(path);
        }

        @Override
        public Future<Void> delete(Path path) {
            throw new AssertionError(path);
        }

        @Override
        public Future<TempFile> createTemp(Path folder, String prefix) {
            throw new AssertionError(folder);
        }

        @Override
        public Future<TempFile> createTemp(String prefix) {
            throw new AssertionError(prefix);
        }
    }

    private static final Noted DISK = new Noted();
    private static final Machine MACHINE = new Machine(world -> world.with(Files.class, DISK));
    private static final Routes ROUTES = new Routes()
            .get("/{file...}", StaticFiles.folder(ROOT).notFoundPage("404.html"))
            .get("/deep/{dir}/{file...}", StaticFiles.folder(ROOT));

    private PathFuzz() {}

    /** {@return what to begin with} */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (String text : new String[] {
            "/a/b.css",
            "/%2e%2e/etc/passwd",
            "/..%2f..%5c%00",
            "/.well-known/x",
            "/a/.well-known/x",
            "/deep/../x/..%2f.git",
            "/a%c0%ae%c0%ae/%e0%80%af",
            "/caf%c3%a9/+/%zz",
            "//%2f/",
        }) {
            seeds.add(Cuts.seed(text));
        }
        return seeds;
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        String target = new String(Cuts.rest(input), StandardCharsets.ISO_8859_1);
        if (!target.startsWith("/")) {
            return;
        }
        Cuts.same(decoded(target), tried(target), "decoded " + target);
        DISK.asked.clear();
        Request request =
                Request.builder("GET", target).header("accept-encoding", "gzip").build();
        int[] status = new int[1];
        MACHINE.run(async(() -> {
            try {
                status[0] = await(ROUTES.handle(request)).status();
            } catch (HttpException e) {
                status[0] = e.status();
            }
        }));
        if (status[0] != 404 && status[0] != 400) {
            throw new AssertionError(target + " is answered " + status[0]);
        }
        for (Path path : DISK.asked) {
            Path inside = path.normalize();
            if (!inside.equals(path) || !inside.startsWith(ROOT)) {
                throw new AssertionError(target + " leads to " + path);
            }
            Path relative = ROOT.relativize(inside);
            for (int i = 0; i < relative.getNameCount(); i++) {
                String name = relative.getName(i).toString();
                if (name.startsWith(".") && !(i == 0 && name.equals(".well-known"))) {
                    throw new AssertionError(target + " leads to the hidden " + path);
                }
            }
        }
    }

    private static String tried(String target) {
        try {
            return Request.builder("GET", target).build().path();
        } catch (HttpException e) {
            return "status " + e.status();
        }
    }

    private static String decoded(String target) {
        int end = target.indexOf('?');
        String path = end < 0 ? target : target.substring(0, end);
        if (path.indexOf('%') < 0) {
            return path;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < path.length(); ) {
            if (path.charAt(i) != '%') {
                out.append(path.charAt(i++));
                continue;
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            while (i < path.length() && path.charAt(i) == '%') {
                int high = i + 2 < path.length() ? digit(path.charAt(i + 1)) : -1;
                int low = i + 2 < path.length() ? digit(path.charAt(i + 2)) : -1;
                if (high < 0 || low < 0) {
                    return "status 400";
                }
                bytes.write(high << 4 | low);
                i += 3;
            }
            try {
                out.append(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())));
            } catch (CharacterCodingException e) {
                return "status 400";
            }
        }
        return out.toString();
    }

    private static int digit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }
}
