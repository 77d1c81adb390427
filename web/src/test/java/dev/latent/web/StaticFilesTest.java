package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.web.http.StaticFiles;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files under conditions, in parts, compressed, hidden and not there. */
@Timeout(60)
class StaticFilesTest {
    /** What was answered, its head in lower case. */
    private record Answer(int status, String head, byte[] body) {
        String header(String name) {
            int at = head.indexOf("\r\n" + name + ": ");
            return at < 0 ? "" : head.substring(at + name.length() + 4, head.indexOf("\r\n", at + 2));
        }

        String text() {
            return new String(body, UTF_8);
        }
    }

    private static Future<Answer> ask(WebServer server, String method, String target, String... headers) {
        return async(() -> {
            String head = method + " " + target + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n";
            String all = headers.length == 0 ? head : head + String.join("\r\n", headers) + "\r\n";
            try (var stream = await(Raw.open(server, all + "\r\n"))) {
                byte[] bytes = await(Raw.rest(stream));
                String text = new String(bytes, ISO_8859_1);
                int end = text.indexOf("\r\n\r\n") + 4;
                return new Answer(
                        Integer.parseInt(text.substring(9, 12)),
                        text.substring(0, end).toLowerCase(Locale.ROOT),
                        text.substring(end).getBytes(ISO_8859_1));
            }
        });
    }

    private static Path site(Path dir) throws Exception {
        Files.writeString(dir.resolve("index.html"), "<p>home");
        Files.writeString(dir.resolve("digits"), "0123456789");
        byte[] big = new byte[200_000];
        for (int i = 0; i < big.length; i++) {
            big[i] = (byte) ('a' + i % 26);
        }
        Files.write(dir.resolve("big.txt"), big);
        Files.writeString(dir.resolve("page.css"), "p { margin: 0 } ".repeat(100));
        Files.writeString(dir.resolve("ready.js"), "plain");
        Files.write(dir.resolve("ready.js.gz"), new byte[] {1, 2, 3});
        Files.writeString(dir.resolve("404.html"), "<p>lost");
        Files.writeString(dir.resolve(".secret"), "secret");
        Files.createDirectories(dir.resolve(".git"));
        Files.writeString(dir.resolve(".git/config"), "secret");
        Files.createDirectories(dir.resolve(".well-known"));
        Files.writeString(dir.resolve(".well-known/security.txt"), "contact");
        Files.createDirectories(dir.resolve("sub"));
        Files.writeString(dir.resolve("sub/index.html"), "<p>sub");
        Files.createDirectories(dir.resolve("empty"));
        Files.setLastModifiedTime(dir.resolve("digits"), FileTime.from(Instant.parse("2026-02-03T04:05:06.7Z")));
        return dir;
    }

    private static WebServerBuilder serving(Path dir) throws Exception {
        return WebServer.at("127.0.0.1", 0)
                .files("/", StaticFiles.folder(site(dir)).notFoundPage("404.html"));
    }

    @Test
    void conditions(@TempDir Path dir) throws Exception {
        List<String> reported = Raw.with(Latent.system(), serving(dir), server -> {
            Answer first = await(ask(server, "GET", "/digits"));
            String tag = first.header("etag");
            assertTrue(tag.matches("\"[0-9a-f]+-[0-9a-f]+\""), tag);
            assertEquals("tue, 03 feb 2026 04:05:06 gmt", first.header("last-modified"));
            String[][] cases = {
                {"If-None-Match: " + tag, "304"},
                {"If-None-Match: W/" + tag, "304"},
                {"If-None-Match: \"x\", " + tag, "304"},
                {"If-None-Match: *", "304"},
                {"If-None-Match: \"x\"", "200"},
                {"If-Modified-Since: Tue, 03 Feb 2026 04:05:06 GMT", "304"},
                {"If-Modified-Since: Tue, 03 Feb 2026 04:05:05 GMT", "200"},
                {"If-Modified-Since: nonsense", "200"},
                {"If-None-Match: \"x\"\r\nIf-Modified-Since: Tue, 03 Feb 2026 04:05:06 GMT", "200"},
                {"If-Match: " + tag, "200"},
                {"If-Match: \"x\"", "412"},
                {"If-Unmodified-Since: Tue, 03 Feb 2026 04:05:06 GMT", "200"},
                {"If-Unmodified-Since: Tue, 03 Feb 2026 04:05:05 GMT", "412"},
            };
            for (String[] c : cases) {
                Answer answer = await(ask(server, "GET", "/digits", c[0]));
                assertEquals(c[1], "" + answer.status(), c[0]);
                assertEquals(c[1].equals("200") ? "0123456789" : "", answer.text(), c[0]);
                assertEquals(tag, answer.header("etag"), c[0]);
            }
        });
        assertEquals(List.of(), reported);
    }

    private static final String PARTS = "several";

    /** {@return the body that {@code answer} should have, of ranges and what is in them} */
    private static String parts(Answer answer, String... rangesAndBytes) {
        String type = answer.header("content-type");
        String start = "multipart/byteranges; boundary=";
        assertTrue(type.startsWith(start), type);
        StringBuilder body = new StringBuilder();
        String line = "\r\n--" + type.substring(start.length());
        String of = rangesAndBytes[0].endsWith("/10") ? "application/octet-stream" : "text/plain; charset=utf-8";
        for (int i = 0; i < rangesAndBytes.length; i += 2) {
            body.append(line + "\r\nContent-Type: " + of + "\r\nContent-Range: " + rangesAndBytes[i] + "\r\n\r\n"
                    + rangesAndBytes[i + 1]);
        }
        return body.append(line).append("--\r\n").toString();
    }

    @Test
    void ranges(@TempDir Path dir) throws Exception {
        List<String> reported = Raw.with(Latent.system(), serving(dir), server -> {
            String tag = await(ask(server, "GET", "/digits")).header("etag");
            String[][] cases = {
                {"bytes=0-0", "206", "0", "bytes 0-0/10"},
                {"bytes=2-4", "206", "234", "bytes 2-4/10"},
                {"bytes=7-", "206", "789", "bytes 7-9/10"},
                {"bytes=-2", "206", "89", "bytes 8-9/10"},
                {"bytes=-20", "206", "0123456789", "bytes 0-9/10"},
                {"bytes=8-100", "206", "89", "bytes 8-9/10"},
                {"bytes=10-", "416", "", "bytes */10"},
                {"bytes=-0", "416", "", "bytes */10"},
                {"bytes=4-2", "200", "0123456789", ""},
                {"bytes=", "200", "0123456789", ""},
                {"bytes= , ,", "200", "0123456789", ""},
                {"bytes=,10-", "416", "", "bytes */10"},
                {"bytes=3-4, 0-2", "206", "01234", "bytes 0-4/10"},
                {"bytes=1-3,2-5,-2,8-8", "206", PARTS, ""},
                {"bytes=20-30,40-", "416", "", "bytes */10"},
                {"bytes=20-30,1-1,", "206", "1", "bytes 1-1/10"},
                {"bytes=" + "0-0,".repeat(16) + "1-1", "200", "0123456789", ""},
                {"bytes=0-1,x", "200", "0123456789", ""},
                {"bytes=1-2,4-5\r\nIf-Range: \"x\"", "200", "0123456789", ""},
                {"bytes=x-", "200", "0123456789", ""},
                {"lines=1-2", "200", "0123456789", ""},
                {"bytes=99999999999999999999-", "200", "0123456789", ""},
                {"bytes=1-2\r\nIf-Range: " + tag, "206", "12", "bytes 1-2/10"},
                {"bytes=1-2\r\nIf-Range: \"x\"", "200", "0123456789", ""},
                {"bytes=1-2\r\nIf-Range: Tue, 03 Feb 2026 04:05:06 GMT", "206", "12", "bytes 1-2/10"},
                {"bytes=1-2\r\nIf-Range: Tue, 03 Feb 2026 04:05:05 GMT", "200", "0123456789", ""},
            };
            for (String[] c : cases) {
                Answer answer = await(ask(server, "GET", "/digits", "Range: " + c[0]));
                if (c[2].equals(PARTS)) {
                    c[2] = parts(answer, "bytes 1-5/10", "12345", "bytes 8-9/10", "89");
                }
                assertEquals(
                        c[1] + c[2] + c[3], answer.status() + answer.text() + answer.header("content-range"), c[0]);
            }
            Answer two = await(ask(server, "GET", "/big.txt", "Range: bytes=100000-100025,26-99999"));
            assertEquals("206 bytes 26-100025/200000", two.status() + " " + two.header("content-range"), "they meet");
            two = await(ask(server, "GET", "/big.txt", "Range: bytes=150000-150025,26-99998"));
            assertEquals(
                    parts(
                            two,
                            "bytes 26-99998/200000",
                            "abcdefghijklmnopqrstuvwxyz".repeat(4000).substring(0, 99_973),
                            "bytes 150000-150025/200000",
                            "abcdefghijklmnopqrstuvwxyz".repeat(2).substring(150_000 % 26, 150_000 % 26 + 26)),
                    two.text());
            Answer big = await(ask(server, "GET", "/big.txt", "Range: bytes=100000-100025"));
            assertEquals(206, big.status());
            assertEquals(26, big.body().length);
            assertEquals((byte) ('a' + 100_000 % 26), big.body()[0]);
            assertEquals(
                    200,
                    await(ask(server, "HEAD", "/digits", "Range: bytes=0-0")).status());
        });
        assertEquals(List.of(), reported);
    }

    @Test
    void compressed(@TempDir Path dir) throws Exception {
        List<String> reported = Raw.with(Latent.system(), serving(dir), server -> {
            Answer plain = await(ask(server, "GET", "/page.css"));
            assertEquals(1600, plain.body().length);
            assertEquals("accept-encoding", plain.header("vary"));
            Answer small = await(ask(server, "GET", "/page.css", "Accept-Encoding: br, gzip;q=0.5"));
            assertEquals("gzip", small.header("content-encoding"));
            assertEquals("text/css; charset=utf-8", small.header("content-type"));
            assertTrue(small.body().length < 200, small.body().length + "");
            assertEquals(
                    plain.text(),
                    new String(new GZIPInputStream(new ByteArrayInputStream(small.body())).readAllBytes(), UTF_8));
            assertTrue(!small.header("etag").equals(plain.header("etag")));
            Answer known = await(
                    ask(server, "GET", "/page.css", "Accept-Encoding: gzip", "If-None-Match: " + small.header("etag")));
            assertEquals(304, known.status());
            assertEquals(
                    "",
                    await(ask(server, "GET", "/page.css", "Accept-Encoding: gzip;q=0"))
                            .header("content-encoding"));
            Answer ready = await(ask(server, "GET", "/ready.js", "Accept-Encoding: gzip"));
            assertEquals("gzip 3", ready.header("content-encoding") + " " + ready.body().length);
            assertEquals("plain", await(ask(server, "GET", "/ready.js")).text());
            assertEquals(
                    "",
                    await(ask(server, "GET", "/digits", "Accept-Encoding: gzip"))
                            .header("content-encoding"));
        });
        assertEquals(List.of(), reported);
    }

    private static byte[] unzipped(Answer answer) throws Exception {
        StringBuilder all = new StringBuilder();
        String chunks = new String(answer.body(), ISO_8859_1);
        for (int at = 0; ; ) {
            int end = chunks.indexOf("\r\n", at);
            int size = Integer.parseInt(chunks.substring(at, end), 16);
            if (size == 0) {
                assertEquals(end + 4, chunks.length());
                break;
            }
            all.append(chunks, end + 2, end + 2 + size);
            at = end + 2 + size + 2;
        }
        return new GZIPInputStream(new ByteArrayInputStream(all.toString().getBytes(ISO_8859_1))).readAllBytes();
    }

    @Test
    void longTextIsCompressedOnTheWay(@TempDir Path dir) throws Exception {
        List<String> reported = Raw.with(Latent.system(), serving(dir), server -> {
            Answer plain = await(ask(server, "GET", "/big.txt"));
            assertEquals(200_000, plain.body().length);
            Answer small = await(ask(server, "GET", "/big.txt", "Accept-Encoding: gzip"));
            assertEquals("gzip chunked", small.header("content-encoding") + " " + small.header("transfer-encoding"));
            assertEquals("", small.header("accept-ranges"));
            assertTrue(small.body().length < 10_000, small.body().length + " bytes");
            assertArrayEquals(plain.body(), unzipped(small));
            assertTrue(!small.header("etag").equals(plain.header("etag")));
            assertEquals(
                    304,
                    await(ask(
                                    server,
                                    "GET",
                                    "/big.txt",
                                    "Accept-Encoding: gzip",
                                    "If-None-Match: " + small.header("etag")))
                            .status());
            assertEquals(
                    "200",
                    ""
                            + await(ask(server, "GET", "/big.txt", "Accept-Encoding: gzip", "Range: bytes=0-1"))
                                    .status());
            assertEquals(
                    "gzip",
                    await(ask(server, "HEAD", "/big.txt", "Accept-Encoding: gzip"))
                            .header("content-encoding"));
        });
        assertEquals(List.of(), reported);
    }

    @Test
    @SuppressWarnings("latent:blocking-call") // between two requests
    void whatWasCompressedBeforeItsFileWasWrittenIsNotServed(@TempDir Path dir) throws Exception {
        List<String> reported = Raw.with(Latent.system(), serving(dir), server -> {
            Instant now = Files.getLastModifiedTime(dir.resolve("ready.js")).toInstant();
            for (int seconds : new int[] {0, 1, -1}) {
                Files.setLastModifiedTime(dir.resolve("ready.js.gz"), FileTime.from(now.plusSeconds(seconds)));
                Answer answer = await(ask(server, "GET", "/ready.js", "Accept-Encoding: gzip"));
                assertEquals(seconds < 0 ? "plain" : "\1\2\3", answer.text(), seconds + " s newer");
            }
            Files.delete(dir.resolve("ready.js"));
            assertEquals(
                    404,
                    await(ask(server, "GET", "/ready.js", "Accept-Encoding: gzip"))
                            .status());
        });
        assertEquals(List.of(), reported);
    }

    @Test
    void whatIsNotThere(@TempDir Path dir) throws Exception {
        Files.writeString(dir.resolve("outside"), "secret");
        Path root = Files.createDirectory(dir.resolve("root"));
        Files.createSymbolicLink(root.resolve("link"), dir.resolve("outside"));
        List<String> reported = Raw.with(Latent.system(), serving(root), server -> {
            String[] paths = {
                "/.secret",
                "/%2esecret",
                "/.git/config",
                "/sub/../.secret",
                "/../outside",
                "/%2e%2e/outside",
                "/..%2foutside",
                "/sub/..%2f..%2foutside",
                "/..%5coutside",
                "/%00",
                "/digits%00.html",
                "/link",
                "//etc/passwd",
                "/%2fetc/passwd",
                "/sub/.",
                "/no",
                "/digits/",
                "/digits/x",
                "/empty/",
                "/" + "x".repeat(300),
                "/.well-known/.x",
            };
            for (String path : paths) {
                Answer answer = await(ask(server, "GET", path));
                assertEquals("404<p>lost", answer.status() + answer.text(), path);
                assertEquals("text/html; charset=utf-8", answer.header("content-type"), path);
            }
            assertEquals(
                    "contact",
                    await(ask(server, "GET", "/.well-known/security.txt")).text());
            assertEquals("<p>home", await(ask(server, "GET", "/")).text());
            assertEquals("<p>sub", await(ask(server, "GET", "/sub/")).text());
            Answer moved = await(ask(server, "GET", "/sub?a=b"));
            assertEquals("308 /sub/?a=b", moved.status() + " " + moved.header("location"));
            assertEquals(405, await(ask(server, "POST", "/digits")).status());
        });
        assertEquals(List.of(), reported);
    }

    @Test
    void resourcesHaveTagsToo() throws Exception {
        List<String> reported = Raw.with(
                Latent.system(),
                WebServer.at("127.0.0.1", 0)
                        .resources(
                                "/page/",
                                name -> name.equals("a.svg")
                                        ? new ByteArrayInputStream("<svg/>".getBytes(UTF_8))
                                        : null),
                server -> {
                    Answer first = await(ask(server, "GET", "/page/a.svg"));
                    assertEquals(
                            "200 image/svg+xml <svg/>",
                            first.status() + " " + first.header("content-type") + " " + first.text());
                    assertEquals("", first.header("last-modified"));
                    assertEquals(
                            304,
                            await(ask(server, "GET", "/page/a.svg", "If-None-Match: " + first.header("etag")))
                                    .status());
                    assertEquals(404, await(ask(server, "GET", "/page/b.svg")).status());
                });
        assertEquals(List.of(), reported);
    }
}
