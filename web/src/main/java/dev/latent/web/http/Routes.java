package dev.latent.web.http;

import dev.latent.Future;
import dev.latent.Futures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A handler that looks by method and path for the one that answers. To be filled before it serves.
 *
 * <pre>{@code
 * var routes = new Routes()
 *         .get("/health", request -> Futures.ready(Response.text("ok")))
 *         .get("/orders/{id}", shop::order)
 *         .get("/docs/{path...}", docs);
 * }</pre>
 *
 * <p>{@code {id}} stands for one part of a path that is not empty, {@code {path...}} at the end for all that is left, the empty rest included. A part
 * that is written out goes before one in braces, and that before the rest of a path; where the nearest has no handler for the method, the next one has its turn.
 * Paths are compared decoded, part by part: an encoded slash does not part.
 *
 * <p>Who answers {@code GET} answers {@code HEAD}. {@code OPTIONS} is answered by the methods that there are, another method by 405 with them, another
 * path by 404.
 */
public final class Routes implements Handler, Routing<Routes> {
    /** Stands for every method. */
    static final String ANY = "*";

    private final List<Route> all = new ArrayList<>();
    private final Node root = new Node();
    private final List<Middleware> middlewares = new ArrayList<>();
    private final List<Mount> mounts = new ArrayList<>();
    private @Nullable Handler missing;
    private Handler entry = this::dispatch;

    /** No routes yet. */
    public Routes() {}

    /** One that was added. */
    private record Route(String method, String pattern, Handler handler, List<String> names) {}

    /**
     * Routes below a prefix, as they were then.
     *
     * @param around puts their middleware around a handler
     * @param missing answers what they don't find; null where that is left to who mounts them
     */
    private record Mount(
            String prefix,
            UnaryOperator<Handler> around,
            @Nullable Handler missing) {}

    /** A place between two parts of a path. */
    private static final class Node {
        final Map<String, Node> written = new TreeMap<>();
        final Map<String, Route> byMethod = new TreeMap<>();

        @Nullable
        Node part;

        @Nullable
        Node rest;

        /** What is mounted here and answers what is not found below; null for nothing. */
        @Nullable
        Mount mount;

        /** That, and then we. */
        @Nullable
        Route unfound;
    }

    // ---- filling ----------------------------------------------------------------------------------------------------

    @Override
    public Routes route(String method, String path, Handler handler) {
        List<String> names = new ArrayList<>();
        Node at = node(path, names);
        Route route = new Route(method, path, handler, List.copyOf(names));
        if (at.byMethod.putIfAbsent(method, route) != null) {
            throw new IllegalArgumentException("two handlers for " + path);
        }
        all.add(route);
        return this;
    }

    /** {@return the place behind {@code path}, made where it is not there} Its names are added to {@code names}. */
    private Node node(String path, List<String> names) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a path begins with a slash: " + path);
        }
        Node at = root;
        String[] parts = parts(path);
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            boolean isName = part.startsWith("{") && part.endsWith("}") && part.length() > 2;
            if (!isName && (part.contains("{") || part.contains("}"))) {
                throw new IllegalArgumentException("braces stand around a whole part of a path: " + path);
            }
            if (!isName) {
                at = at.written.computeIfAbsent(part, _ -> new Node());
                continue;
            }
            boolean isRest = part.endsWith("...}");
            if (isRest && i < parts.length - 1) {
                throw new IllegalArgumentException("nothing stands behind the rest of a path: " + path);
            }
            String name = part.substring(1, part.length() - (isRest ? 4 : 1));
            if (names.contains(name)) {
                throw new IllegalArgumentException("two parts named " + name + ": " + path);
            }
            names.add(name);
            Node next = isRest ? at.rest : at.part;
            if (next == null) {
                next = new Node();
                if (isRest) {
                    at.rest = next;
                } else {
                    at.part = next;
                }
            }
            at = next;
        }
        return at;
    }

    @Override
    public Routes mount(String prefix, Routes routes) {
        String before = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
        for (Route route : routes.all) {
            route(route.method, before + route.pattern, routes.within(route.handler));
        }
        List<Middleware> now = List.copyOf(routes.middlewares);
        Handler theirs = routes.missing;
        for (Mount inner : routes.mounts) {
            Handler missed = inner.missing == null ? theirs : inner.missing;
            mount(new Mount(before + inner.prefix, handler -> within(now, inner.around.apply(handler)), missed));
        }
        if (theirs != null || !now.isEmpty()) {
            mount(new Mount(before, handler -> within(now, handler), theirs));
        }
        return this;
    }

    private void mount(Mount mount) {
        mounts.add(mount);
        List<String> names = new ArrayList<>();
        Node at = mount.prefix.isEmpty() ? root : node(mount.prefix, names);
        if (at.mount == null || at.mount.missing == null && mount.missing != null) {
            at.mount = mount;
            Handler around = mount.around.apply(request -> unfound(request, mount.missing));
            at.unfound = new Route(ANY, mount.prefix, around, List.copyOf(names));
        }
    }

    @Override
    public Routes use(Middleware middleware) {
        middlewares.add(middleware);
        entry = within(this::dispatch);
        return this;
    }

    @Override
    public Routes notFound(Handler handler) {
        missing = handler;
        return this;
    }

    private Handler within(Handler handler) {
        return within(middlewares, handler);
    }

    private static Handler within(List<Middleware> middlewares, Handler handler) {
        Handler around = handler;
        for (Middleware middleware : middlewares.reversed()) {
            around = middleware.around(around);
        }
        return around;
    }

    private static String[] parts(String path) {
        return path.substring(1).split("/", -1);
    }

    // ---- finding ----------------------------------------------------------------------------------------------------

    @Override
    public Future<Response> handle(Request request) throws Exception {
        return entry.handle(request);
    }

    private Future<Response> dispatch(Request request) throws Exception {
        if (request.target().equals("*")) {
            return Futures.ready(Response.of(request.method().equals("OPTIONS") ? 204 : 400));
        }
        Search search = new Search(request.method(), parts(request.rawPath()));
        Route route = search.find(root, 0);
        if (route == null) {
            route = search.unfound(root, 0);
        }
        if (route == null) {
            return unfound(request, null);
        }
        return route.handler.handle(route.names.isEmpty() ? request : request.with(search.named(route, request)));
    }

    /** @param instead answers what is not there, where we would */
    private Future<Response> unfound(Request request, @Nullable Handler instead) throws Exception {
        Search search = new Search(request.method(), parts(request.rawPath()));
        search.find(root, 0);
        Set<String> allowed = search.allowed;
        if (allowed != null) {
            Response answer = request.method().equals("OPTIONS") ? Response.of(204) : Response.error(405, "");
            return Futures.ready(answer.header("allow", allow(allowed)));
        }
        Handler answering = instead == null ? missing : instead;
        return answering == null ? Futures.ready(Response.error(404, "")) : answering.handle(request);
    }

    /** The way from the root to a route. */
    private static final class Search {
        final String method;
        final String[] parts;
        final List<String> captured = new ArrayList<>(0);

        /** The methods of the places that it came by; null where it came by none that has any. */
        @Nullable
        Set<String> allowed;

        Search(String method, String[] raw) {
            this.method = method;
            this.parts = raw;
            for (int i = 0; i < raw.length; i++) {
                parts[i] = Percent.decode(raw[i]);
            }
        }

        @Nullable
        Route find(Node at, int i) {
            if (i == parts.length) {
                return here(at);
            }
            Node written = at.written.get(parts[i]);
            Route found = written == null ? null : find(written, i + 1);
            if (found == null && at.part != null && !parts[i].isEmpty()) {
                captured.add(parts[i]);
                found = find(at.part, i + 1);
                if (found == null) {
                    captured.removeLast();
                }
            }
            if (found == null && at.rest != null) {
                found = here(at.rest);
                if (found != null) {
                    captured.add(String.join("/", List.of(parts).subList(i, parts.length)));
                }
            }
            return found;
        }

        /** {@return what answers for the longest prefix, null where nothing is mounted that would} It is asked for when nothing is found. */
        @Nullable
        Route unfound(Node at, int i) {
            Route deepest = null;
            if (i < parts.length) {
                Node written = at.written.get(parts[i]);
                deepest = written == null ? null : unfound(written, i + 1);
                if (deepest == null && at.part != null && !parts[i].isEmpty()) {
                    captured.add(parts[i]);
                    deepest = unfound(at.part, i + 1);
                    if (deepest == null) {
                        captured.removeLast();
                    }
                }
            }
            return deepest == null ? at.unfound : deepest;
        }

        private @Nullable Route here(Node at) {
            Route route = at.byMethod.get(method);
            if (route == null && method.equals("HEAD")) {
                route = at.byMethod.get("GET");
            }
            if (route == null) {
                route = at.byMethod.get(ANY);
            }
            if (route == null && !at.byMethod.isEmpty()) {
                allowed = allowed == null ? new TreeSet<>() : allowed;
                allowed.addAll(at.byMethod.keySet());
            }
            return route;
        }

        Map<String, String> named(Route route, Request request) {
            Map<String, String> named = new LinkedHashMap<>(request.parameters());
            for (int i = 0; i < captured.size(); i++) {
                named.put(route.names.get(i), captured.get(i));
            }
            return named;
        }
    }

    private static String allow(Set<String> methods) {
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        methods.add("OPTIONS");
        return String.join(", ", methods);
    }
}
