package dev.latent.web.http;

import dev.latent.Releasable;
import dev.latent.io.OpenFile;
import dev.latent.web.internal.HttpCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file that was found, and what a request makes of it (RFC 9110, 13 and 14).
 *
 * @param file null where all of it has been read
 * @param bytes all of it, or none
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

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }

    /** {@return this as the encoded form of another type of file} */
    Asset encoded(String newEncoding, String ofType) {
        return new Asset(file, bytes, length, ofType, tag, modified, newEncoding);
    }

    /** {@return this, compressed if it is here and that is worth it} */
    Asset gzipped() {
        if (file != null || length < WORTH_COMPRESSING) {
            return this;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] small = out.toByteArray();
        String other = tag.substring(0, tag.length() - 1) + "-gzip\"";
        return small.length >= bytes.length
                ? this
                : new Asset(null, small, small.length, type, other, modified, "gzip");
    }

    /** {@return all of it, whatever the request says} */
    Response page(int status) {
        return whole().status(status).header("cache-control", "no-cache");
    }

    private Response whole() {
        Response whole = file == null ? Response.bytes(type, bytes) : Response.file(type, file, 0, length);
        whole = whole.header("x-content-type-options", "nosniff");
        return encoding == null ? whole : whole.header("content-encoding", encoding);
    }

    /** {@return what {@code request} is to be answered} */
    Response answer(Request request, String cacheControl, boolean varies) {
        Headers said = request.headers();
        if (!isStillThatOne(said)) {
            close();
            return marked(Response.of(412), cacheControl, varies);
        }
        if (isKnown(said)) {
            close();
            return marked(Response.of(304), cacheControl, varies);
        }
        String range = said.get("range");
        if (range != null && request.method().equals("GET") && isOfThisOne(said.get("if-range"))) {
            Range wanted = Range.parse(range, length);
            if (wanted == Range.NONE_OF_IT) {
                close();
                return marked(Response.of(416).header("content-range", "bytes */" + length), cacheControl, varies);
            }
            if (wanted != null) {
                return marked(part(wanted), cacheControl, varies);
            }
        }
        return marked(whole(), cacheControl, varies);
    }

    private Response part(Range wanted) {
        long n = wanted.last - wanted.first + 1;
        Response part = file == null
                ? Response.bytes(type, Arrays.copyOfRange(bytes, (int) wanted.first, (int) wanted.last + 1))
                : Response.file(type, file, wanted.first, n);
        part = part.status(206)
                .header("content-range", "bytes " + wanted.first + "-" + wanted.last + "/" + length)
                .header("x-content-type-options", "nosniff");
        return encoding == null ? part : part.header("content-encoding", encoding);
    }

    private Response marked(Response response, String cacheControl, boolean varies) {
        Response marked = response.header("etag", tag).header("cache-control", cacheControl);
        if (response.status() != 304 && response.status() != 412 && response.status() != 416) {
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
            return isListed(match, false);
        }
        Instant since = HttpCodec.time(said.get("if-unmodified-since"));
        return since == null
                || modified == null
                || !modified.truncatedTo(ChronoUnit.SECONDS).isAfter(since);
    }

    private boolean isKnown(Headers said) {
        List<String> none = said.all("if-none-match");
        if (!none.isEmpty()) {
            return isListed(none, true);
        }
        Instant since = HttpCodec.time(said.get("if-modified-since"));
        return since != null
                && modified != null
                && !modified.truncatedTo(ChronoUnit.SECONDS).isAfter(since);
    }

    private boolean isListed(List<String> values, boolean weakly) {
        for (String value : values) {
            for (String each : value.split(",")) {
                String one = each.strip();
                if (one.equals("*") || one.equals(tag) || weakly && one.equals("W/" + tag)) {
                    return true;
                }
            }
        }
        return false;
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

    /** From the first byte to the last one, both included. */
    private record Range(long first, long last) {
        /** Stands for a range that begins behind the end. */
        static final Range NONE_OF_IT = new Range(-1, -1);

        /** {@return the one range that is asked for; null where it is none, or several, and all of it is to be sent} */
        static @Nullable Range parse(String text, long length) {
            String range = text.strip();
            if (!range.regionMatches(true, 0, "bytes=", 0, 6)) {
                return null;
            }
            String[] ends = range.substring(6).strip().split("-", -1);
            if (ends.length != 2) {
                return null;
            }
            long first = number(ends[0].strip());
            long last = number(ends[1].strip());
            if (first == BAD
                    || last == BAD
                    || first == OPEN && last == OPEN
                    || first >= 0 && last >= 0 && last < first) {
                return null;
            }
            if (first == OPEN) {
                return last == 0 || length == 0 ? NONE_OF_IT : new Range(Math.max(0, length - last), length - 1);
            }
            return first >= length
                    ? NONE_OF_IT
                    : new Range(first, last == OPEN ? length - 1 : Math.min(last, length - 1));
        }

        private static final long OPEN = -1;
        private static final long BAD = -2;

        private static long number(String digits) {
            if (digits.isEmpty()) {
                return OPEN;
            }
            return digits.length() < 19 && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                    ? Long.parseLong(digits)
                    : BAD;
        }
    }
}
