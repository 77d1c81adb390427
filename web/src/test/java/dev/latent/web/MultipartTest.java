package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.web.http.Multipart;
import dev.latent.web.http.Request;
import dev.latent.web.http.Response;
import dev.latent.world.BlockingPool;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import dev.latent.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Forms with files: to the disk within limits, and nothing is left of what nobody keeps. */
@Timeout(60)
class MultipartTest {
    private static final String TYPE = "multipart/form-data; boundary=xyz";

    private static String field(String name, String value) {
        return "--xyz\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }

    private static String file(String name, String file, String content) {
        return "--xyz\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + file
                + "\"\r\nContent-Type: text/plain\r\n\r\n" + content + "\r\n";
    }

    private static Future<String> post(WebServer server, String type, String body, int cut) {
        return async(() -> {
            String head = "POST /form HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: " + type
                    + "\r\nContent-Length: " + body.length() + "\r\n\r\n";
            try (var stream = await(Raw.open(server, head + body.substring(0, cut)))) {
                if (cut < body.length()) {
                    await(sleep(Duration.ofMillis(2)));
                    await(stream.write(ByteBuffer.wrap(body.substring(cut).getBytes(ISO_8859_1))));
                }
                String answer = new String(await(Raw.rest(stream)), ISO_8859_1);
                return answer.substring(9, 12) + " " + answer.substring(answer.indexOf("\r\n\r\n") + 4);
            }
        });
    }

    private static WebServerBuilder taking(Path folder, Multipart.Limits limits, Path keep) {
        AtomicInteger kept = new AtomicInteger();
        return WebServer.at("127.0.0.1", 0)
                .post(
                        "/form",
                        request -> async(() -> {
                            try (var form = await(Multipart.read(request, folder, limits))) {
                                StringBuilder told =
                                        new StringBuilder(form.fields().toString());
                                for (var file : form.files()) {
                                    byte[] bytes = await(file.bytes());
                                    told.append(' ')
                                            .append(file.name())
                                            .append('=')
                                            .append(file.fileName())
                                            .append('/')
                                            .append(file.size());
                                    assertEquals(file.size(), bytes.length);
                                    if (file.name().equals("keep")) {
                                        await(file.moveTo(keep.resolve("" + kept.getAndIncrement())));
                                    }
                                }
                                return Response.text(told.toString());
                            }
                        }));
    }

    private static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }

    @Test
    void fieldsAndFilesHoweverTheyAreCut(@TempDir Path dir) throws Exception {
        Path folder = Files.createDirectory(dir.resolve("uploads"));
        Path keep = Files.createDirectory(dir.resolve("kept"));
        String body =
                field("a", "1") + field("a", "x y") + file("f", "../../etc/passwd", "line\r\n--xy\r\n") + "--xyz--\r\n";
        List<String> wrong = new ArrayList<>();
        List<String> reported = Raw.with(Latent.system(), taking(folder, Multipart.Limits.DEFAULT, keep), server -> {
            List<JoinHandle<String>> answers = new ArrayList<>();
            for (int cut = 1; cut <= body.length(); cut++) {
                answers.add(spawn(post(server, TYPE, body, cut)));
            }
            for (int cut = 1; cut <= body.length(); cut++) {
                String answer = await(answers.get(cut - 1));
                if (!answer.equals("200 {a=[1, x y]} f=passwd/12")) {
                    wrong.add(cut + ": " + answer);
                }
            }
        });
        assertEquals(List.of(), wrong);
        assertEquals(List.of(), reported);
        assertEquals(List.of(), in(folder));
    }

    /** What looks like a boundary is none where no line begins, whatever packet it begins. */
    @Test
    void aBoundaryBeginsALine(@TempDir Path dir) throws Exception {
        String content = "name=--xyz\r\n--xy\r\n--\r\n\r\r\n-";
        String body = "before\r\n" + file("f", "a", content) + field("e", "") + "--xyz  \r\n"
                + "content-disposition: FORM-DATA ; filename=\"b \\\" c\"; name=g\r\n\r\n\r\n--xyz-- after";
        List<String> wrong = new ArrayList<>();
        List<String> reported = Raw.with(Latent.system(), taking(dir, Multipart.Limits.DEFAULT, dir), server -> {
            List<JoinHandle<String>> answers = new ArrayList<>();
            for (int cut = 1; cut <= body.length(); cut++) {
                answers.add(spawn(post(server, TYPE, body, cut)));
            }
            for (int cut = 1; cut <= body.length(); cut++) {
                String answer = await(answers.get(cut - 1));
                if (!answer.equals("200 {e=[]} f=a/" + content.length() + " g=b \" c/0")) {
                    wrong.add(cut + ": " + answer);
                }
            }
        });
        assertEquals(List.of(), wrong);
        assertEquals(List.of(), reported);
        assertEquals(List.of(), in(dir));
    }

    /** Fields are held in memory, so what files may take is not for them. */
    @Test
    void fieldsTakeSoMuchMemoryAndNoMore(@TempDir Path dir) throws Exception {
        String most = field("f", "x".repeat(512 * 1024)).repeat(2);
        Raw.with(Latent.system(), taking(dir, Multipart.Limits.DEFAULT, dir), server -> {
            String enough = most + file("g", "a", "x".repeat(2 << 20)) + "--xyz--\r\n";
            assertEquals(
                    "200", await(post(server, TYPE, enough, enough.length())).substring(0, 3));
            String more = most + field("f", "x") + "--xyz--\r\n";
            assertEquals("413", await(post(server, TYPE, more, more.length())).substring(0, 3));
            assertEquals(List.of(), in(dir));
        });
    }

    @Test
    void longFilesGoToTheDisk(@TempDir Path dir) throws Exception {
        Path folder = Files.createDirectory(dir.resolve("uploads"));
        Path keep = Files.createDirectory(dir.resolve("kept"));
        String big = "0123456789".repeat(100_000);
        List<String> reported = Raw.with(Latent.system(), taking(folder, Multipart.Limits.DEFAULT, keep), server -> {
            String body = file("keep", "a", big) + file("f", "b", big) + file("keep", "c", "short") + "--xyz--\r\n";
            assertEquals("200 {} keep=a/1000000 f=b/1000000 keep=c/5", await(post(server, TYPE, body, body.length())));
        });
        assertEquals(List.of(), reported);
        assertEquals(List.of(), in(folder));
        assertEquals(big, Files.readString(keep.resolve("0")));
        assertEquals("short", Files.readString(keep.resolve("1"), UTF_8));
    }

    /** A world that is played has its own disk, and no thread. */
    @Test
    void aPlayedWorldKeepsThem() throws Exception {
        MemoryFiles disk = new MemoryFiles();
        Path folder = Path.of("/nowhere/uploads");
        Path keep = Path.of("/nowhere/kept");
        BlockingPool none = new BlockingPool() {
            @Override
            public <T> Future<T> run(Callable<? extends T> work) {
                throw new AssertionError("nothing blocks");
            }
        };
        String big = "0123456789".repeat(10_000);
        String body = file("keep", "a", big) + file("f", "b", big) + file("keep", "c", "short") + "--xyz--\r\n";
        Request request = Request.builder("POST", "/form")
                .header("content-type", TYPE)
                .body(body.getBytes(ISO_8859_1))
                .build();
        try (LocalExecutor executor = LocalExecutor.builder()
                .world(World.empty()
                        .with(Clock.class, new VirtualClock())
                        .with(dev.latent.io.Files.class, disk)
                        .with(BlockingPool.class, none))
                .build()) {
            executor.blockOn(async(() -> {
                try (var form = await(Multipart.read(request, folder, Multipart.Limits.DEFAULT))) {
                    assertEquals(2, disk.all.size());
                    for (var file : form.files()) {
                        assertEquals(file.size(), await(file.bytes()).length);
                        if (file.name().equals("keep")) {
                            await(file.moveTo(keep.resolve(file.fileName())));
                            assertEquals(file.size(), await(file.bytes()).length);
                        }
                    }
                }
            }));
        }
        assertEquals(Set.of(keep.resolve("a"), keep.resolve("c")), disk.all.keySet());
        assertEquals(big, new String(disk.all.get(keep.resolve("a")), ISO_8859_1));
        assertEquals(2, disk.temps);
    }

    @Test
    void limitsAndWhatIsMalformed(@TempDir Path dir) throws Exception {
        Path folder = Files.createDirectory(dir.resolve("uploads"));
        Multipart.Limits few = new Multipart.Limits(400_000, 100_000, 3);
        String end = "--xyz--\r\n";
        List<String> reported = Raw.with(Latent.system(), taking(folder, few, dir), server -> {
            String[][] cases = {
                {TYPE, file("f", "a", "x".repeat(100_001)) + end, "413"},
                {TYPE, field("f", "x".repeat(100_001)) + end, "413"},
                {TYPE, file("f", "a", "x".repeat(90_000)).repeat(5) + end, "413"},
                {TYPE, field("f", "x").repeat(4) + end, "413"},
                {TYPE, file("f", "a", "x".repeat(90_000)).substring(0, 80_000), "400"},
                {TYPE, field("f", "x"), "400"},
                {TYPE, "nonsense", "400"},
                {TYPE, field("f", "x") + "--xyzz", "400"},
                {TYPE, "--xyz\r\n\r\nx\r\n" + end, "400"},
                {TYPE, "--xyz\r\nContent-Disposition: form-data\r\n\r\nx\r\n" + end, "400"},
                {TYPE, "--xyz\r\nContent-Disposition: form-data; name=\"" + "x".repeat(20_000), "413"},
                {TYPE + "x".repeat(70), field("f", "x") + end, "400"},
                {"multipart/form-data", field("f", "x") + end, "400"},
                {"text/plain", field("f", "x") + end, "415"},
            };
            for (String[] c : cases) {
                String answer = await(post(server, c[0], c[1], c[1].length()));
                assertTrue(
                        answer.startsWith(c[2] + " "),
                        c[0] + " " + c[1].substring(0, Math.min(100, c[1].length())) + ": " + answer);
            }
            // A client that goes away in the middle leaves nothing.
            String begun =
                    "POST /form HTTP/1.1\r\nHost: h\r\nContent-Type: " + TYPE + "\r\nContent-Length: 100000\r\n\r\n";
            try (var stream = await(Raw.open(server, begun + file("f", "a", "x".repeat(50_000))))) {
                await(sleep(Duration.ofMillis(50)));
                await(stream.shutdownOutput());
                await(Raw.untilOnly(server, 0));
            }
        });
        assertEquals(List.of(), reported);
        assertEquals(List.of(), in(folder));
    }

    @Test
    void aNameIsNoWayOutOfAFolder(@TempDir Path dir) throws Exception {
        String[][] saidAndGot = {
            {"a.txt", "a.txt"},
            {"../../etc/passwd", "passwd"},
            {"/etc/passwd", "passwd"},
            {"C:/temp/a b.txt", "a b.txt"},
            {"x/..", ""},
            {"..", ""},
            {".", ""},
            {"a/", ""},
            {"", ""},
        };
        for (String[] each : saidAndGot) {
            String body = file("f", each[0], "x") + "--xyz--\r\n";
            Request request = Request.builder("POST", "/")
                    .header("content-type", "multipart/form-data; boundary=xyz")
                    .body(body.getBytes(UTF_8))
                    .build();
            Latent.blockOn(async(() -> {
                try (var form = await(Multipart.read(request, dir, Multipart.Limits.DEFAULT))) {
                    assertEquals(each[1], form.files().getFirst().fileName(), each[0]);
                }
            }));
        }
    }
}
