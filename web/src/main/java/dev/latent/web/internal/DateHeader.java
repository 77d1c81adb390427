package dev.latent.web.internal;

import java.time.Instant;

/** The time as answers say it, made once for each second. Thread-safe: what was said last is one reference, and never changes. */
public final class DateHeader {
    private volatile Said said = new Said(Long.MIN_VALUE, "");

    private record Said(long second, String text) {}

    /** Nothing has been said yet. */
    public DateHeader() {}

    /** {@return that time, as headers have it} */
    public String at(Instant time) {
        Said last = said;
        if (last.second != time.getEpochSecond()) {
            last = new Said(time.getEpochSecond(), HttpCodec.date(time));
            said = last;
        }
        return last.text;
    }
}
