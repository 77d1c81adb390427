package dev.latent.cli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** Results as one HTML file that needs nothing else: page, plots, uPlot with its licence, and the JSON are in it. */
public final class Page {
    private static final String JAR = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/%s/%s";

    private Page() {}

    /** {@return the page of these results} */
    public static String of(String json) {
        return text("page.html")
                .replace("/*uplot-licence*/", uplot("LICENSE").replace("*/", "* /"))
                .replace("/*uplot-css*/", uplot("dist/uPlot.min.css"))
                .replace("/*page-css*/", text("page.css"))
                .replace("/*uplot-js*/", uplot("dist/uPlot.iife.min.js"))
                .replace("/*page-js*/", text("page.js"))
                // So that nothing in it ends the element.
                .replace("/*results*/", json.replace("<", "\\u003c"));
    }

    private static String uplot(String file) {
        Properties jar = new Properties();
        try (InputStream in = open(JAR)) {
            jar.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text(UPLOT.formatted(jar.getProperty("version"), file));
    }

    private static String text(String resource) {
        try (InputStream in = open(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String resource) throws IOException {
        InputStream in = Page.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IOException(resource + " is not on the class path");
        }
        return in;
    }
}
