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

    /**
     * {@return the page of this JSON}
     *
     * @param owner beside it stand the script that draws it, {@code page.js}, and what it has to say of style, {@code page.css}
     */
    public static String of(Class<?> owner, String title, String json) {
        String style = text(Page.class, "base.css") + text(owner, "page.css");
        return text(Page.class, "page.html")
                .replace("{title}", title)
                .replace("/*uplot-licence*/", uplot("LICENSE").replace("*/", "* /"))
                .replace("/*uplot-css*/", uplot("dist/uPlot.min.css"))
                .replace("/*page-css*/", style)
                .replace("/*uplot-js*/", uplot("dist/uPlot.iife.min.js"))
                .replace("/*page-js*/", text(Page.class, "base.js") + text(owner, "page.js"))
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
