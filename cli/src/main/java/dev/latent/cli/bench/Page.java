package dev.latent.cli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** What was measured as one HTML file that needs nothing else: page, plots, uPlot with its licence, and the JSON are in it. */
public final class Page {
    private static final String JAR = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/%s/%s";

    private Page() {}

    /** {@return the page of these results} */
    public static String of(String json) {
        return of(Page.class, json);
    }

    /** {@return the page whose files stand beside {@code owner}, of this JSON; what it has to say of style comes behind what all have} */
    public static String of(Class<?> owner, String json) {
        String style = text(Page.class, "page.css") + (owner == Page.class ? "" : text(owner, "page.css"));
        return text(owner, "page.html")
                .replace("/*uplot-licence*/", uplot("LICENSE").replace("*/", "* /"))
                .replace("/*uplot-css*/", uplot("dist/uPlot.min.css"))
                .replace("/*page-css*/", style)
                .replace("/*uplot-js*/", uplot("dist/uPlot.iife.min.js"))
                .replace("/*page-js*/", text(owner, "page.js"))
                // So that nothing in it ends the element.
                .replace("/*results*/", json.replace("<", "\\u003c"));
    }

    private static String uplot(String file) {
        Properties jar = new Properties();
        try (InputStream in = open(Page.class, JAR)) {
            jar.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text(Page.class, UPLOT.formatted(jar.getProperty("version"), file));
    }

    private static String text(Class<?> owner, String resource) {
        try (InputStream in = open(owner, resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(Class<?> owner, String resource) throws IOException {
        InputStream in = owner.getResourceAsStream(resource);
        if (in == null) {
            throw new IOException(resource + " is not on the class path");
        }
        return in;
    }
}
