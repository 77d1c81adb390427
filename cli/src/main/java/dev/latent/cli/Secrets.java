package dev.latent.cli;

import java.util.regex.Pattern;

/** Keeps passwords out of what is told. */
public final class Secrets {
    private static final Pattern WHO = Pattern.compile("//\\S*@");
    private static final Pattern PASSWORD = Pattern.compile("(?i)(password=)[^&;\\s]*");

    private Secrets() {}

    /** {@return {@code text} without the passwords of the addresses in it: what stands before an {@code @}, or behind {@code password=}} */
    public static String hidden(String text) {
        return PASSWORD.matcher(WHO.matcher(text).replaceAll("//…@")).replaceAll("$1…");
    }
}
