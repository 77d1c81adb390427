package dev.latent.web.http;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.Source;
import dev.latent.fuzz.Cuts;
import dev.latent.fuzz.Machine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Forms with files: whatever comes, there are parts or a refusal, and never more than the limits allow; and a form that is one by the letter of RFC 7578 has the same parts however it
 * is cut.
 */
public final class MultipartFuzz {
    private static final Machine MACHINE = new Machine(world -> world);
    private static final Multipart.Limits LIMITS = new Multipart.Limits(2000, 500, 4);
    private static final Pattern HEAD =
            Pattern.compile("Content-Disposition: form-data; name=\"([a-z]+)\"(; filename=\"([a-z.]+)\"\r\n"
                    + "(Content-Type: ([a-z]+/[a-z]+)))?\r\n\r\n");
    private static final Path FOLDER = Path.of(System.getProperty("java.io.tmpdir"));

    private MultipartFuzz() {}

    /** {@return what to begin with} */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (String text : new String[] {
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--b--\r\n",
            "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.txt\"\r\nContent-Type: text/plain\r\n\r\n"
                    + "line\r\nline\r\n--b\r\nContent-Disposition: form-data; name=\"é\"\r\n\r\n\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=\"f\"; filename*=UTF-8''%c3%a9\r\n"
                    + "Content-Transfer-Encoding: binary\r\n\r\n\r\r\n-\r\n--\r\n--b--\r\n",
            "preamble\r\n--b\r\nContent-Disposition: form-data; name=\"m\"\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n"
                    + "--c\r\nContent-Disposition: attachment; filename=\"y\"\r\n\r\nyy\r\n--c--\r\n--b--",
            "--b\r\n\r\n--b\r\n",
        }) {
            seeds.add(Cuts.seed(text));
        }
        return seeds;
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        byte[] bytes = Cuts.rest(input);
        String cut = read(Cuts.pieces(input, bytes));
        String model = model(new String(bytes, StandardCharsets.ISO_8859_1));
        if (model != null) {
            Cuts.same(model, cut, "a form, cut");
            Cuts.same(model, read(Cuts.whole(bytes)), "a form");
        }
    }

    /** {@return what is in a form that is plain, and within the limits; null where it is not} */
    private static @Nullable String model(String text) {
        if (text.length() > LIMITS.bytes() || !text.startsWith("--b\r\n")) {
            return null;
        }
        StringBuilder fields = new StringBuilder();
        StringBuilder files = new StringBuilder();
        Set<String> names = new HashSet<>();
        int parts = 0;
        int at = 5;
        while (true) {
            int end = text.indexOf("\r\n--b", at - 2);
            Matcher head = HEAD.matcher(text);
            if (end < at || !head.find(at) || head.start() != at || head.end() > end || ++parts > LIMITS.parts()) {
                return null;
            }
            String content = text.substring(head.end(), end);
            String name = head.group(1);
            if (content.length() > LIMITS.partBytes()
                    || !names.add(name)
                    || !content.chars().allMatch(c -> c < 0x80)) {
                return null;
            }
            if (head.group(2) == null) {
                fields.append(fields.isEmpty() ? "" : ", ")
                        .append(name)
                        .append("=[")
                        .append(content)
                        .append(']');
            } else {
                files.append(name)
                        .append(' ')
                        .append(head.group(3))
                        .append(' ')
                        .append(head.group(5))
                        .append(' ')
                        .append(HexFormat.of().formatHex(content.getBytes(StandardCharsets.ISO_8859_1)));
            }
            at = end + 5;
            if (text.startsWith("--", at)) {
                return text.substring(at + 2).matches("(\r\n)?") ? "{" + fields + "}" + files : null;
            }
            if (!text.startsWith("\r\n", at)) {
                return null;
            }
            at += 2;
        }
    }

    private record Pieces(Deque<byte[]> left) implements Source<ByteBuffer> {
        @Override
        public Future<Next<ByteBuffer>> next() {
            return Futures.lazy(() -> {
                byte[] next = left.poll();
                return Futures.ready(next == null ? Next.end() : new Item<>(ByteBuffer.wrap(next.clone())));
            });
        }

        @Override
        public void close() {}
    }

    private static String read(List<byte[]> pieces) throws Exception {
        StringBuilder log = new StringBuilder();
        Request request = Request.builder("POST", "/")
                .header("content-type", "multipart/form-data; boundary=b")
                .body(Body.of(new Pieces(new ArrayDeque<>(pieces)), -1, Long.MAX_VALUE))
                .build();
        MACHINE.run(async(() -> {
            try (Multipart form = await(Multipart.read(request, FOLDER, LIMITS))) {
                log.append(form.fields());
                for (Multipart.UploadedFile file : form.files()) {
                    log.append(file.name())
                            .append(' ')
                            .append(file.fileName())
                            .append(' ')
                            .append(file.contentType())
                            .append(' ')
                            .append(HexFormat.of().formatHex(await(file.bytes())));
                    if (file.size() > LIMITS.partBytes()) {
                        throw new AssertionError("a part of " + file.size());
                    }
                }
                if (form.files().size()
                                + form.fields().values().stream()
                                        .mapToInt(List::size)
                                        .sum()
                        > LIMITS.parts()) {
                    throw new AssertionError("too many parts");
                }
            } catch (HttpException e) {
                log.append("refused ").append(e.status());
            }
        }));
        return log.toString();
    }
}
