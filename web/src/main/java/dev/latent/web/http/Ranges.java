package dev.latent.web.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ranges of bytes that a request asks for (RFC 9110, 14.1). */
final class Ranges {
    /** More are not worth an answer of their own: all is sent. */
    private static final int MOST = 16;

    private static final long OPEN = -1;
    private static final long BAD = -2;

    /** From the first byte to the last one, both included. */
    record Range(long first, long last) {
        long length() {
            return last - first + 1;
        }

        @Override
        public String toString() {
            return first + "-" + last;
        }
    }

    private Ranges() {}

    /**
     * {@return the ranges that {@code text} asks for of {@code length} bytes, none where it asks only for what is behind the end; null where all is to be sent, since it asks for nothing
     * that is to be understood, or for too much}
     *
     * <p>Those that meet or overlap become one (RFC 9110, 15.3.7.2), so that no byte is sent twice; and where they do, or do not stand in their order, they are put in it.
     */
    static @Nullable List<Range> parse(String text, long length) {
        String list = text.strip();
        if (!list.regionMatches(true, 0, "bytes=", 0, 6)) {
            return null;
        }
        String[] each = list.substring(6).split(",", MOST + 2);
        if (each.length > MOST) {
            return null;
        }
        List<Range> found = new ArrayList<>(each.length);
        boolean asks = false;
        for (String one : each) {
            if (!one.isBlank()) {
                asks = true;
                if (!add(one.strip(), length, found)) {
                    return null;
                }
            }
        }
        return asks ? together(found) : null;
    }

    /** {@return whether {@code one} can be understood} */
    private static boolean add(String one, long length, List<Range> found) {
        String[] ends = one.split("-", -1);
        if (ends.length != 2) {
            return false;
        }
        long first = number(ends[0].strip());
        long last = number(ends[1].strip());
        if (first == BAD || last == BAD || first == OPEN && last == OPEN || first >= 0 && last >= 0 && last < first) {
            return false;
        }
        if (first == OPEN) {
            if (last > 0 && length > 0) {
                found.add(new Range(Math.max(0, length - last), length - 1));
            }
        } else if (first < length) {
            found.add(new Range(first, last == OPEN ? length - 1 : Math.min(last, length - 1)));
        }
        return true;
    }

    private static List<Range> together(List<Range> found) {
        List<Range> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparingLong(Range::first));
        List<Range> apart = new ArrayList<>();
        for (Range next : sorted) {
            Range before = apart.isEmpty() ? null : apart.getLast();
            if (before != null && next.first <= before.last + 1) {
                apart.set(apart.size() - 1, new Range(before.first, Math.max(before.last, next.last)));
            } else {
                apart.add(next);
            }
        }
        return apart;
    }

    private static long number(String digits) {
        if (digits.isEmpty()) {
            return OPEN;
        }
        return digits.length() < 19 && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                ? Long.parseLong(digits)
                : BAD;
    }
}
