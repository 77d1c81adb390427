package dev.latent.cli.lab;

/** Findings as one HTML file that needs nothing else. */
public final class Page {
    private Page() {}

    /** {@return the page of these findings} */
    public static String of(String json) {
        return dev.latent.cli.bench.Page.of(Page.class, json);
    }
}
