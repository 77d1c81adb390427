package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The warnings that need no list and no flow of their own. */
class WarningsTest {
    private static final String HEAD = """
            import static dev.latent.Async.*;
            import dev.latent.*;
            import dev.latent.Future;
            import java.time.Duration;
            import java.util.*;
            import java.util.concurrent.*;
            class T {
                @SuppressWarnings("latent:null-future") static Future<String> f() { return null; }
            """;

    private static List<String> check(String body, String... options) throws Exception {
        return Marked.check(List.of(options), HEAD + body + "}\n");
    }

    @Test
    void aLazyFutureOutOfAProxy() throws Exception {
        List<String> said = check("""
                @interface Traced { }
                @interface Cacheable { }
                @Traced static class All {
                    @SuppressWarnings("latent:null-future") public Future<String> f() { return null; } // lazy-from-proxy
                    @SuppressWarnings("latent:null-future") Future<String> inner() { return null; }
                    public String plain() { return ""; }
                }
                @SuppressWarnings("latent:null-future") @Traced Future<String> one() { return null; } // lazy-from-proxy
                @Traced Pinned<String> subtype() { return null; } // lazy-from-proxy
                @Traced CompletionStage<String> eager() { return null; }
                @SuppressWarnings("latent:null-future") @Cacheable Future<String> ofAnotherPackage() { return null; }
                static final ScopedValue<String> USER = ScopedValue.newInstance();
                void scoped() throws Exception {
                    Future<String> late = ScopedValue.where(USER, "me").call(() -> f()); // lazy-from-proxy
                    late.drop();
                    String now = ScopedValue.where(USER, "me").call(() -> dev.latent.runtime.Latent.blockOn(f()));
                }
                """, "-Alatent.proxies=T.Traced,-jakarta.transaction.Transactional");
        assertTrue(said.getFirst().contains("the proxy of @Traced"), said.toString());
        List<String> errors = Javac.compile(
                        List.of("-Alatent.proxies=@Traced!"),
                        Map.of("T", HEAD + "Future<String> g() { return f(); } }"))
                .errors();
        assertEquals(1, errors.size(), errors.toString());
    }

    @Test
    void thePagePrintsTheListOfProxies() throws Exception {
        try (InputStream list = WarningsTest.class.getResourceAsStream("lint/proxy-annotations.txt")) {
            String text = new String(list.readAllBytes(), StandardCharsets.UTF_8);
            String page = Files.readString(Path.of("../docs/diagnostics/lazy-from-proxy.md"));
            assertTrue(
                    page.contains("```text\n" + text + "```"),
                    "the list of docs/diagnostics/lazy-from-proxy.md is another");
        }
    }

    @Test
    void aFieldThatADropForgets() throws Exception {
        check("""
                static class Step implements Future<String> {
                    Future<String> dropped, helped, viaThis, viaLambda;
                    Future<String> forgotten; // field-not-dropped
                    List<Future<String>> children; // field-not-dropped
                    Future<?>[] array; // field-not-dropped
                    final List<Future<String>> kept = new ArrayList<>();
                    Step polled; // field-not-dropped
                    Step link;
                    static Future<String> common;
                    String name;
                    public Poll<String> poll(Context cx) throws Exception {
                        if (polled != null) polled.poll(cx);
                        return forgotten.poll(cx);
                    }
                    public void drop() { dropped.drop(); this.help(); this.viaThis.drop(); kept.forEach(Future::drop); }
                    private void help() { helped.drop(); Runnable r = () -> viaLambda.drop(); r.run(); help(); }
                }
                record Pair(Future<String> a, Future<String> b, Future<String> c) implements Future<String> { // field-not-dropped
                    public Poll<String> poll(Context cx) throws Exception { return c.poll(cx); }
                    public void drop() { a.drop(); this.b().drop(); }
                }
                static class Owned extends OwnedFuture<String> {
                    private Future<String> inner; // field-not-dropped
                    private Future<String> cleaned;
                    protected Poll<String> pollOwned(Context cx) throws Exception { return inner.poll(cx); }
                    protected void dropOwned() { }
                    protected Poll<Void> pollDropOwned(Context cx) { return cleaned.pollDrop(cx); }
                }
                static class Holder { Future<String> future; void drop() { } }
                static abstract class Base implements Future<String> { Future<String> left; }
                static class ByAnotherName implements Future<String> {
                    private Future<Future<String>> outer;
                    private Future<String> inner;
                    private Future<?> current;
                    private Future<String> lost; // field-not-dropped
                    ByAnotherName(Future<Future<String>> f, Future<String> lost) { outer = f; current = f; this.lost = lost; }
                    public Poll<String> poll(Context cx) throws Exception {
                        if (outer.poll(cx) instanceof Poll.Ready<Future<String>>(var f)) { this.inner = f; current = f; }
                        return inner.poll(cx);
                    }
                    public void drop() { current.drop(); }
                }
                static class ByAHelper implements Future<String> {
                    private Future<String> inner;
                    public Poll<String> poll(Context cx) throws Exception { return inner.poll(cx); }
                    public void drop() { Helper.drop(this); }
                    static class Helper { static void drop(ByAHelper h) { h.inner.drop(); } }
                }
                static class ByARunnable implements Future<String> {
                    private final Future<String> inner = f();
                    private final Runnable cleanup = () -> this.inner.drop();
                    public Poll<String> poll(Context cx) throws Exception { return inner.poll(cx); }
                    public void drop() { cleanup.run(); }
                }
                static class ByAnInnerClass implements Future<String> {
                    private final Future<String> inner = f();
                    private final Task task = new Task();
                    private class Task { void end() { inner.drop(); } }
                    public Poll<String> poll(Context cx) throws Exception { return inner.poll(cx); }
                    public void drop() { task.end(); }
                }
                static class ByAFutureAroundIt implements Future<String> {
                    private final Future<String> inner;
                    private final Future<String> limited;
                    ByAFutureAroundIt(Future<String> f) { inner = f; limited = timeout(Duration.ofSeconds(1), inner); }
                    public Poll<String> poll(Context cx) throws Exception { return limited.poll(cx); }
                    public void drop() { limited.drop(); }
                }
                static class Registered implements Future<String> {
                    static final Set<Object> ALL = new HashSet<>();
                    private Future<String> inner; // field-not-dropped
                    public Poll<String> poll(Context cx) throws Exception { return inner.poll(cx); }
                    public void drop() { ALL.remove(this); }
                }
                """);
    }

    @Test
    void aBranchThatIsMadeAnewAndLosesSomething() throws Exception {
        check("""
                @SuppressWarnings("latent:null-future") @NotCancelSafe static Future<String> frame() { return null; }
                Future<String> m(Iterable<String> all, boolean b) {
                    return async(() -> {
                        while (b) {
                            await(select(frame(), sleep(Duration.ofSeconds(1)))); // recreated-in-select
                        }
                        for (String s : all) {
                            switch (await(selectBiased(f(), timeout(Duration.ofSeconds(3), frame())))) { // recreated-in-select
                                case First(var x) -> f().drop();
                                case Second(var y) -> { return y; }
                            }
                        }
                        do {
                            await(select(onDo(f(), x -> { }), onDo(frame(), x -> { }))); // recreated-in-select
                        } while (b);
                        for (;;) {
                            await(select(f(), sleep(Duration.ofSeconds(1))));
                            AsyncRunnable once = () -> await(select(f(), frame()));
                            switch (await(select(frame(), f()))) {
                                case First(var x) -> f().drop();
                                case Second(_) -> throw new TimeoutException();
                            }
                            try (var kept = pin(frame())) {
                                await(select(kept, f()));
                            }
                            if (b) break;
                        }
                        await(select(frame(), f()));
                        return "";
                    });
                }
                """);
    }

    @Test
    void aBranchThatEndsTheLoopWhenItLosesLosesNothing() throws Exception {
        check("""
                @SuppressWarnings("latent:null-future") @NotCancelSafe static Future<String> frame() { return null; }
                Future<Void> m(boolean b) {
                    return async(() -> {
                        loop:
                        while (b) {
                            switch (await(select(frame(), sleep(Duration.ofSeconds(1))))) {
                                case First(var x) -> f().drop();
                                case Second(_) -> { break loop; }
                            }
                        }
                        while (b) {
                            var either = await(select(frame(), sleep(Duration.ofSeconds(1))));
                            if (either instanceof Second) throw new TimeoutException();
                        }
                        while (b) {
                            await(select(on(frame(), x -> x), on(f(), x -> { throw new TimeoutException(); })));
                        }
                        while (b) {
                            await(select(on(frame(), x -> x), on(f(), x -> { return x; }))); // recreated-in-select
                        }
                        while (b) {
                            if (f() == null) throw new TimeoutException();
                            var either = await(select(frame(), sleep(Duration.ofSeconds(1)))); // recreated-in-select
                            Runnable r = () -> { return; };
                        }
                        while (b) {
                            switch (await(select(frame(), sleep(Duration.ofSeconds(1))))) { // recreated-in-select
                                case First(var x): f().drop(); break;
                                case Second(_): break;
                            }
                        }
                    });
                }
                """);
    }

    @Test
    void twoAwaitsThatCouldBeOne() throws Exception {
        check("""
                interface Repo { Future<String> find(int id); Future<String> findNext(); Future<String> save(int id); }
                Future<String> findUser(int id) { return f(); }
                Future<String> findOrders(Object id) { return f(); }
                Future<String> next() { return f(); }
                Future<String> getNext() { return f(); }
                Future<String> getaway() { return f(); }
                Future<String> m(Repo users, Repo orders) {
                    return async(() -> {
                        var user = await(findUser(3));
                        var all = await(findOrders(3)); // sequential-awaits
                        f().drop();
                        String one = await(users.find(3));
                        String two = await(orders.find(3)); // sequential-awaits
                        f().drop();
                        var step = await(findUser(3));
                        var dependent = await(findOrders(step));
                        f().drop();
                        var a = await(users.findNext());
                        var b = await(users.find(1));
                        f().drop();
                        var c = await(next());
                        var d = await(next());
                        var e = await(getNext());
                        var g = await(getNext());
                        f().drop();
                        var h = await(users.save(1));
                        var i = await(orders.find(1));
                        int between = 3;
                        var j = await(users.find(between));
                        await(getaway());
                        return user + all + one + two + dependent + a + b + c + d + e + g + h + i + j;
                    });
                }
                """);
    }

    @Test
    void aBodyThatWaitsForNothing() throws Exception {
        check("""
                interface Source { Future<Integer> size(); }
                private Future<Integer> one() {
                    return async(() -> 1); // async-without-await
                }
                private Future<Integer> late() { return async(() -> 1); }
                private Future<Integer> referred() { return async(() -> 1); }
                private Future<Integer> oneOfTwo(boolean b) {
                    if (b) return async(() -> await(one()));
                    return async(() -> 1);
                }
                Callable<Future<Integer>> reference = this::referred;
                private Future<Void> waits(AsyncRunnable r, AsyncCloseable c) {
                    if (r == null) return async(() -> { spawn(f()).detach(); });
                    if (c == null) return async(() -> { r.run(); });
                    if (c == r) return async(() -> { context(); });
                    try (c) { return async(() -> { try (c) { } }); }
                }
                Future<Integer> visible() {
                    return async(() -> 1);
                }
                Source source = new Source() {
                    public Future<Integer> size() { return async(() -> 3); }
                };
                Future<Integer> m(boolean b) {
                    return async(() -> {
                        await(async(() -> { f().drop(); })); // async-without-await
                        Future<Integer> later = b ? async(() -> 1) : late();
                        return await(later) + await(async(() -> await(this.one()))) + await(late()) + await(oneOfTwo(b));
                    });
                }
                """.replace("try (c) { return async(() -> { try (c) { } }); }", "return async(() -> { try (c) { } });"));
    }
}
