package dev.latent.web.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What curl sees of our server. */
@Timeout(60)
class CurlTest {
    private static final String STATUS = "%{http_code}";
    private static final int LARGE = 3_000_017;

    @TempDir
    Path folder;

    private Service service;
    private String url;

    @BeforeEach
    void start() throws Exception {
        service = Service.start();
        url = "http://127.0.0.1:" + service.port();
    }

    @AfterEach
    void end() throws Exception {
        service.close();
    }

    private static String curl(String... arguments) throws Exception {
        try (Program curl = Program.curl(arguments)) {
            return curl.text();
        }
    }

    private static String repeated(String url, int times) {
        return url + "?[1-" + times + "]";
    }

    private Path file(String name, byte[] bytes) throws Exception {
        return Files.write(folder.resolve(name), bytes);
    }

    private static String head(String answer) {
        return answer.substring(0, answer.indexOf("\r\n\r\n") + 2).toLowerCase(Locale.ROOT);
    }

    // ---- connections ------------------------------------------------------------------------------------------------

    @Test
    void keepsOneConnectionForManyRequests() throws Exception {
        String ports = curl("--write-out", "\n", repeated(url + "/answer", 100));
        assertEquals(1, ports.lines().distinct().count(), ports);
        assertEquals(100, ports.lines().count());
        assertEquals(100, service.tally.of("answers"));
    }

    @Test
    void opensOneForEachRequestWhereEitherSaysSo() throws Exception {
        for (String[] how : new String[][] {{"--header", "Connection: close"}, {"--http1.0"}}) {
            String ports = curl(how[0], how[how.length - 1], "--write-out", "\n", repeated(url + "/answer", 5));
            assertEquals(
                    5, ports.lines().filter(line -> !line.isEmpty()).distinct().count(), ports);
        }
        String kept = curl(
                "--http1.0", "--header", "Connection: keep-alive", "--write-out", "\n", repeated(url + "/answer", 5));
        assertEquals(1, kept.lines().distinct().count(), kept);
    }

    @Test
    void manyAtOnce() throws Exception {
        String answers = curl(
                "--parallel",
                "--parallel-max",
                "30",
                "--output",
                "/dev/null",
                "--write-out",
                STATUS + "\n",
                repeated(url + "/answer", 300));
        assertEquals("200\n".repeat(300), answers);
        assertEquals(300, service.tally.of("answers"));
    }

    // ---- uploads ----------------------------------------------------------------------------------------------------

    @Test
    void uploadsInChunksAndByLengthAskingFirstOrNot() throws Exception {
        byte[] body = Service.pattern(LARGE);
        String file = file("body", body).toString();
        List<List<String>> ways = List.of(
                List.of("--upload-file", file),
                List.of("--data-binary", "@" + file),
                List.of("--data-binary", "@" + file, "--header", "Expect: 100-continue"),
                List.of("--data-binary", "@" + file, "--header", "Expect:"),
                List.of("--upload-file", file, "--header", "Transfer-Encoding: chunked"),
                List.of(
                        "--upload-file",
                        file,
                        "--header",
                        "Transfer-Encoding: chunked",
                        "--header",
                        "Expect: 100-continue"),
                List.of("--upload-file", file, "--limit-rate", "10M"));
        for (List<String> way : ways) {
            String[] all = IntStream.range(0, way.size() + 1)
                    .mapToObj(i -> i == 0 ? url + "/body" : way.get(i - 1))
                    .toArray(String[]::new);
            assertEquals(Service.told(body), curl(all), way.toString());
        }
        assertEquals((long) LARGE * ways.size(), service.tally.of("body bytes"));
    }

    /** The client says how much will come, and is told no before it has sent it. */
    @Test
    void anUploadThatIsTooLargeIsRefusedBeforeItComes() throws Exception {
        Path file = file("large", new byte[0]);
        try (var sparse = java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
            sparse.write(java.nio.ByteBuffer.wrap(new byte[1]), 70L << 20);
        }
        assertEquals(
                "413 0",
                curl(
                        "--output",
                        "/dev/null",
                        "--write-out",
                        STATUS + " %{size_upload}",
                        "--expect100-timeout",
                        "20",
                        "--header",
                        "Expect: 100-continue",
                        "--upload-file",
                        file.toString(),
                        url + "/body"));
    }

    @Test
    void formsWithFiles() throws Exception {
        byte[] picture = Service.pattern(LARGE);
        assertEquals(
                "who=[Ada ✓]\nnote: n.txt text/plain " + Service.told("line\r\n--\r\n".getBytes())
                        + "\npicture: p.png image/png " + Service.told(picture),
                curl(
                        "--form",
                        "who=Ada ✓",
                        "--form",
                        "note=@" + file("n.txt", "line\r\n--\r\n".getBytes()) + ";type=text/plain",
                        "--form",
                        "picture=@" + file("p.png", picture) + ";type=image/png",
                        url + "/form"));
        assertEquals(
                "{a=[1 & 2], b=[✓]}", curl("--data-urlencode", "a=1 & 2", "--data-urlencode", "b=✓", url + "/fields"));
    }

    // ---- downloads --------------------------------------------------------------------------------------------------

    @Test
    void aStreamInChunksAndToTheEndOfTheConnection() throws Exception {
        for (String version : new String[] {"--http1.1", "--http1.0"}) {
            Path to = folder.resolve(version);
            String head = head(curl(version, "--dump-header", "-", "--output", to.toString(), url + "/bytes/" + LARGE));
            assertArrayEquals(Service.pattern(LARGE), Files.readAllBytes(to));
            assertEquals(version.equals("--http1.1"), head.contains("transfer-encoding: chunked"), head);
        }
        service.tally.until("streams ended", 2);
    }

    @Test
    void rangesResumedDownloadsAndConditions() throws Exception {
        byte[] all = Service.pattern(LARGE);
        Files.write(service.files.resolve("all.bin"), all);
        String at = url + "/files/all.bin";
        Path to = folder.resolve("to");
        assertEquals("206", curl("--range", "1000-1999", "--output", to.toString(), "--write-out", STATUS, at));
        assertArrayEquals(Arrays.copyOfRange(all, 1000, 2000), Files.readAllBytes(to));
        assertEquals("206", curl("--range", "-10", "--output", to.toString(), "--write-out", STATUS, at));
        assertArrayEquals(Arrays.copyOfRange(all, LARGE - 10, LARGE), Files.readAllBytes(to));
        assertEquals("416", curl("--range", LARGE + "-", "--output", "/dev/null", "--write-out", STATUS, at));

        Files.write(to, Arrays.copyOf(all, 1_234_567));
        assertEquals(
                "206 " + (LARGE - 1_234_567),
                curl("--continue-at", "-", "--output", to.toString(), "--write-out", STATUS + " %{size_download}", at));
        assertArrayEquals(all, Files.readAllBytes(to));

        String etag = folder.resolve("etag").toString();
        assertEquals("200", curl("--etag-save", etag, "--output", "/dev/null", "--write-out", STATUS, at));
        assertEquals(
                "304 0",
                curl("--etag-compare", etag, "--output", "/dev/null", "--write-out", STATUS + " %{size_download}", at));
        assertEquals(
                "304",
                curl(
                        "--time-cond",
                        service.files.resolve("all.bin").toString(),
                        "--output",
                        "/dev/null",
                        "--write-out",
                        STATUS,
                        at));
        Files.write(service.files.resolve("all.bin"), "new".getBytes());
        assertEquals("new200", curl("--etag-compare", etag, "--write-out", STATUS, at));
    }

    @Test
    void headSaysWhatGetWould() throws Exception {
        Files.write(
                service.files.resolve("page.html"), "<p>hello</p>".repeat(100).getBytes());
        String at = url + "/files/page.html";
        for (String coding : new String[] {"identity", "gzip"}) {
            String got = head(curl("--include", "--output", "-", "--header", "Accept-Encoding: " + coding, at + "?got")
                    .replaceAll("(?s)\r\n\r\n.*", "\r\n\r\n"));
            assertEquals(got, head(curl("--head", "--header", "Accept-Encoding: " + coding, at)));
        }
        assertTrue(head(curl("--head", url + "/bytes/10")).startsWith("http/1.1 200 "));
        assertEquals(0, service.tally.of("streams"));
    }

    @Test
    void compressedText() throws Exception {
        byte[] text = "every word of it, again and again. ".repeat(1000).getBytes();
        Files.write(service.files.resolve("text.txt"), text);
        Path raw = folder.resolve("raw");
        curl("--output", raw.toString(), "--header", "Accept-Encoding: gzip", url + "/files/text.txt");
        assertTrue(Files.size(raw) < text.length / 10, "" + Files.size(raw));
        try (var unpacked = new GZIPInputStream(Files.newInputStream(raw))) {
            assertArrayEquals(text, unpacked.readAllBytes());
        }
        assertEquals(new String(text), curl("--compressed", url + "/files/text.txt"));
    }

    @Test
    void aReaderThatTakesItsTime() throws Exception {
        Path to = folder.resolve("slow");
        curl("--limit-rate", "2M", "--output", to.toString(), url + "/bytes/" + LARGE);
        assertArrayEquals(Service.pattern(LARGE), Files.readAllBytes(to));
        service.tally.until("streams ended", 1);
    }

    // ---- going away -------------------------------------------------------------------------------------------------

    /** Whatever a client is served when it goes away, it is dropped. */
    @Test
    void whoGoesAwayIsServedNoMore() throws Exception {
        for (int i = 1; i <= 5; i++) {
            try (Program trickle = Program.curl("--no-buffer", url + "/trickle");
                    Program never = Program.curl(url + "/never");
                    Program upload = Program.curl(
                            "--limit-rate",
                            "10k",
                            "--data-binary",
                            "@" + file("body", new byte[1_000_000]),
                            url + "/body")) {
                assertEquals("0", trickle.next("tick"));
                service.tally.until("never", i);
                service.tally.until("bodies", i);
                trickle.kill();
                never.kill();
                upload.kill();
            }
            service.tally.until("trickles ended", i);
            service.tally.until("never ended", i);
            service.tally.until("bodies ended", i);
        }
        assertEquals(5, service.tally.of("trickles"));
    }

    @Test
    void aTimeoutOfTheClient() throws Exception {
        try (Program curl = Program.curl("--max-time", "0.1", url + "/never")) {
            curl.end();
            assertNotEquals(0, curl.status());
        }
        service.tally.until("never ended", 1);
    }

    // ---- the rest ---------------------------------------------------------------------------------------------------

    @Test
    void whatIsNotThereAndWhatIsNotDone() throws Exception {
        assertEquals("404", curl("--output", "/dev/null", "--write-out", STATUS, url + "/nothing"));
        assertEquals(
                "405", curl("--output", "/dev/null", "--write-out", STATUS, "--request", "DELETE", url + "/answer"));
        assertTrue(
                head(curl("--include", "--request", "OPTIONS", url + "/answer")).contains("allow: get, head, options"));
        assertEquals(
                "404", curl("--output", "/dev/null", "--write-out", STATUS, "--path-as-is", url + "/files/../secret"));
        assertEquals("426", curl("--output", "/dev/null", "--write-out", STATUS, url + "/echo"));
    }
}
