package dev.latent.web.http;

import dev.latent.Releasable;
import dev.latent.io.OpenFile;
import dev.latent.stream.AsyncStream;
import dev.latent.web.http.Ranges.Range;
import dev.latent.web.internal.HttpCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file that was found, and what a request makes of it (RFC 9110, 13 and 14).
 *
 * @param file null where all of it has been read
 * @param bytes all of it, or none
 * @param length negative where the file is compressed on the way
 * @param tag of these bytes, in its quotation marks
 * @param modified null where that is not known
 * @param encoding null where the bytes are the file's own
 */
record Asset(
        @Nullable OpenFile file,
        byte[] bytes,
        long length,
        String type,
        String tag,
        @Nullable Instant modified,
        @Nullable String encoding)
        implements Releasable {
    private static final int WORTH_COMPRESSING = 512;

    /** The length of what is compressed on the way. */
    private static final long UNKNOWN = -1;

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }

    /** {@return whether this was written later than {@code other}, or may have been} */
    boolean isAsNewAs(Asset other) {
        return modified == null || other.modified == null || !modified.isBefore(other.modified);
    }

    /** {@return this as the encoded form of another type of file} */
    Asset encoded(String newEncoding, String ofType) {
        return new Asset(file, bytes, length, ofType, tag, modified, newEncoding);
    }

    /** {@return this, compressed if that is worth it: at once where it is here, else on the way} */
    Asset gzipped() {
        if (length < WORTH_COMPRESSING) {
            return this;
        }
        String other = tag.substring(0, tag.length() - 1) + "-gzip\"";
        if (file != null) {
            return new Asset(file, bytes, UNKNOWN, type, other, modified, "gzip");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] small = out.toByteArray();
        return small.length >= bytes.length
                ? this
                : new Asset(null, small, small.length, type, other, modified, "gzip");
    }

    /** {@return all of it, whatever the request says} */
    Response page(int status) {
        return whole().status(status).header("cache-control", "no-cache");
    }

    private Response whole() {
        Response whole = file == null
                ? Response.bytes(type, bytes)
                : length == UNKNOWN
                        ? Response.stream(type, AsyncStream.from(FilePieces.gzip(file)))
                        : Response.file(type, file, 0, length);
        whole = whole.header("x-content-type-options", "nosniff");
        return encoding == null ? whole : whole.header("content-encoding", encoding);
    }

    /** {@return what {@code request} is to be answered} */
    Response answer(Request request, String cacheControl, boolean varies) {
        Headers said = request.headers();
        if (!isStillThatOne(said)) {
            close();
            return marked(Response.error(412, ""), cacheControl, varies);
        }
        if (isKnown(said)) {
            close();
            return marked(Response.of(304), cacheControl, varies);
        }
        String range = said.get("range");
        if (range != null && length != UNKNOWN && request.method().equals("GET") && isOfThisOne(said.get("if-range"))) {
            List<Range> wanted = Ranges.parse(range, length);
            if (wanted != null && wanted.isEmpty()) {
                close();
                return marked(
                        Response.error(416, "").header("content-range", "bytes */" + length), cacheControl, varies);
            }
            if (wanted != null) {
                return marked(wanted.size() == 1 ? part(wanted.getFirst()) : parts(wanted), cacheControl, varies);
            }
        }
        return marked(whole(), cacheControl, varies);
    }

    private Response part(Range wanted) {
        Response part = file == null
                ? Response.bytes(type, copy(wanted))
                : Response.file(type, file, wanted.first(), wanted.length());
        return partial(part).header("content-range", "bytes " + wanted + "/" + length);
    }

    private byte[] copy(Range wanted) {
        return Arrays.copyOfRange(bytes, (int) wanted.first(), (int) wanted.last() + 1);
    }

    private Response partial(Response part) {
        Response partial = part.status(206).header("x-content-type-options", "nosniff");
        return encoding == null ? partial : partial.header("content-encoding", encoding);
    }

    /** {@return several ranges, each with a head of its own (RFC 9110, 14.6)} */
    private Response parts(List<Range> wanted) {
        String boundary = boundary();
        List<FilePieces.Part> parts = new ArrayList<>(wanted.size());
        byte[] end = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.ISO_8859_1);
        long all = end.length;
        for (Range range : wanted) {
            byte[] head = ("\r\n--" + boundary + "\r\nContent-Type: " + type + "\r\nContent-Range: bytes " + range + "/"
                            + length + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1);
            parts.add(new FilePieces.Part(head, range));
            all += head.length + range.length();
        }
        String multipart = "multipart/byteranges; boundary=" + boundary;
        if (file != null) {
            return partial(Response.stream(multipart, AsyncStream.from(FilePieces.parts(file, parts, end)), all));
        }
        ByteBuffer body = ByteBuffer.allocate((int) all);
        parts.forEach(part -> body.put(part.head()).put(copy(part.range())));
        return partial(Response.bytes(multipart, body.put(end).array()));
    }

    /** {@return what parts the parts} That the bytes may have the same line in them does no harm, since each part says its length. */
    private String boundary() {
        return "part-of-" + tag.substring(1, tag.length() - 1);
    }

    private Response marked(Response response, String cacheControl, boolean varies) {
        Response marked = response.header("etag", tag).header("cache-control", cacheControl);
        if (length != UNKNOWN && response.status() != 304 && response.status() != 412 && response.status() != 416) {
            marked = marked.header("accept-ranges", "bytes");
        }
        if (modified != null) {
            marked = marked.header("last-modified", HttpCodec.date(modified));
        }
        return varies && MediaTypes.isText(type) ? marked.header("vary", "Accept-Encoding") : marked;
    }

    private boolean isStillThatOne(Headers said) {
        List<String> match = said.all("if-match");
        if (!match.isEmpty()) {
            return Conditions.lists(match, tag, false);
        }
        Instant since = HttpCodec.time(said.get("if-unmodified-since"));
        return since == null
                || modified == null
                || !modified.truncatedTo(ChronoUnit.SECONDS).isAfter(since);
    }

    private boolean isKnown(Headers said) {
        List<String> none = said.all("if-none-match");
        if (!none.isEmpty()) {
            return Conditions.lists(none, tag, true);
        }
        Instant since = HttpCodec.time(said.get("if-modified-since"));
        return since != null
                && modified != null
                && !modified.truncatedTo(ChronoUnit.SECONDS).isAfter(since);
    }

    private boolean isOfThisOne(@Nullable String condition) {
        if (condition == null || condition.strip().equals(tag)) {
            return true;
        }
        Instant since = HttpCodec.time(condition);
        return since != null
                && modified != null
                && modified.truncatedTo(ChronoUnit.SECONDS).equals(since);
    }
}
