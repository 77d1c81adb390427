package dev.latent.web.http;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is filled with handlers by method and path: {@link Routes}, and a server, which is filled in the same words.
 *
 * @param <R> the type itself, which each method gives back
 */
public interface Routing<R extends Routing<R>> {
    /**
     * Answers {@code method}; paths are those of {@link Routes}.
     *
     * @throws IllegalArgumentException when there is one for both already, or the path is none
     */
    R route(String method, String path, Handler handler);

    /**
     * Adds all that {@code routes} has now, with its middleware, below {@code prefix}.
     *
     * <p>What is not found there, though the path begins with {@code prefix}, goes through that middleware too, and is answered by its {@link #notFound} where it has one; both
     * have the parts of the path that stand for names in {@code prefix}. Of several at one prefix it is the first with
     * a {@code notFound}, else the first with middleware.
     */
    R mount(String prefix, Routes routes);

    /** Puts {@code middleware} around all, what is not found included; the first one added stands outermost. */
    R use(Middleware middleware);

    /** Answers by {@code handler} what nothing is found for; 404 unless said. */
    R notFound(Handler handler);

    /** Answers {@code GET} and {@code HEAD}. */
    default R get(String path, Handler handler) {
        return route("GET", path, handler);
    }

    /** Answers {@code POST}. */
    default R post(String path, Handler handler) {
        return route("POST", path, handler);
    }

    /** Answers {@code PUT}. */
    default R put(String path, Handler handler) {
        return route("PUT", path, handler);
    }

    /** Answers {@code PATCH}. */
    default R patch(String path, Handler handler) {
        return route("PATCH", path, handler);
    }

    /** Answers {@code DELETE}. */
    default R delete(String path, Handler handler) {
        return route("DELETE", path, handler);
    }

    /** Answers whatever method there is: {@code any("/{path...}", handler)} hands all to one handler. */
    default R any(String path, Handler handler) {
        return route(Routes.ANY, path, handler);
    }

    /** Serves the files under {@code folder} as {@code prefix}…, by {@link StaticFiles#folder}. */
    default R files(String prefix, Path folder) {
        return files(prefix, StaticFiles.folder(folder));
    }

    /**
     * Serves what {@code open} finds by its relative name, null where there is nothing, by {@link StaticFiles#resources}:
     * {@code resources("/", name -> Main.class.getResourceAsStream("page/" + name))}. It runs on the executor's blocking pool.
     */
    default R resources(String prefix, Function<String, @Nullable InputStream> open) {
        return files(prefix, StaticFiles.resources(open));
    }

    /** Serves {@code files} as {@code prefix}…. */
    default R files(String prefix, StaticFiles files) {
        return get((prefix.endsWith("/") ? prefix : prefix + "/") + "{" + StaticFiles.NAME + "...}", files);
    }
}
