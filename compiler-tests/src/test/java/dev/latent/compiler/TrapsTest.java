package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The traps of laziness: what is said of them, and of what looks like them. */
class TrapsTest {
    private static final String HEAD = """
            import static dev.latent.Async.*;
            import dev.latent.*;
            import dev.latent.Future;
            import dev.latent.runtime.*;
            import dev.latent.sync.*;
            import java.io.*;
            import java.time.Duration;
            import java.util.*;
            import java.util.concurrent.*;
            import java.util.concurrent.locks.*;
            import java.util.function.*;
            class T {
                static Future<String> load(Object key) { return async(() -> { await(yieldNow()); return "" + key; }); }
                static class Conn implements AutoCloseable {
                    public void close() {}
                    Future<String> read() { return load(this); }
                    String now() { return ""; }
                }
                static <T> T use(T value) { return value; }
            """;

    private static List<String> check(String body) throws Exception {
        return Marked.check(List.of(), HEAD + body + "}\n");
    }

    // ---- future-leaves-block ----------------------------------------------------------------------------------------

    @Test
    void aResourceThatIsClosedBeforeTheFutureRuns() throws Exception {
        List<String> said = check("""
                Future<String> receiver() {
                    try (var c = new Conn()) {
                        return c.read(); // future-leaves-block
                    }
                }
                Future<String> argument(Conn c) throws Exception {
                    try (c; var d = new Conn()) {
                        use(d);
                        return load(c); // future-leaves-block
                    }
                }
                Future<String> captured(boolean b) {
                    try (var c = new Conn()) {
                        return b ? load(1) : async(() -> { await(yieldNow()); return c.now(); }); // future-leaves-block
                    }
                }
                Future<String> local() {
                    try (var c = new Conn()) {
                        var made = timeout(Duration.ofSeconds(1), c.read());
                        return made; // future-leaves-block
                    }
                }
                Supplier<Future<String>> lambda = () -> {
                    try (var c = new Conn()) {
                        return Futures.map(c.read(), r -> r + "!"); // future-leaves-block
                    }
                };
                Future<String> reference() {
                    try (var c = new Conn()) {
                        return Futures.lazy(c::read); // future-leaves-block
                    }
                }
                """);
        assertTrue(said.getFirst().contains("`c` is closed on the way out"), said::toString);
        assertTrue(
                said.getFirst()
                        .contains("write return async(() -> { try (var c = new Conn()) { return await(c.read()); } })"),
                said::toString);
        assertTrue(said.get(1).contains("try (c) { return await(load(c)); }"), said::toString);
    }

    @Test
    void aResourceThatTheFutureDoesNotNeed() throws Exception {
        check("""
                Future<String> parsed() {
                    try (var c = new Conn()) {
                        return load(c.now());
                    }
                }
                Future<String> another(Conn other) {
                    try (var c = new Conn()) {
                        use(c);
                        return other.read();
                    }
                }
                Future<String> inMemory() throws IOException {
                    try (var in = new ByteArrayInputStream(new byte[3])) {
                        return load(in);
                    }
                }
                Future<String> done() {
                    try (var c = new Conn()) {
                        return Futures.ready(c.now());
                    }
                }
                JoinHandle<String> task(Spawner spawner) {
                    try (var c = new Conn()) {
                        return spawner.spawn(load(c.now()));
                    }
                }
                Future<String> inTheBody() {
                    return async(() -> {
                        try (var c = new Conn()) {
                            return await(c.read());
                        }
                    });
                }
                Future<String> before() {
                    Future<String> made = load(1);
                    try (var c = new Conn()) {
                        use(c);
                        return made;
                    }
                }
                String blocked() throws Exception {
                    try (var c = new Conn()) {
                        return Latent.blockOn(c.read());
                    }
                }
                CompletableFuture<String> eager() {
                    try (var c = new Conn()) {
                        return CompletableFuture.completedFuture(c.now());
                    }
                }
                """);
    }

    @Test
    void aCatchThatIsOverBeforeTheFutureRuns() throws Exception {
        List<String> said = check("""
                interface Repo { Future<String> find(int id); Future<String> eager(int id) throws IOException; }
                static class Missing extends RuntimeException { private static final long serialVersionUID = 1; }
                Future<String> own() {
                    try {
                        return load(1); // future-leaves-block
                    } catch (IllegalStateException e) {
                        throw new Missing();
                    }
                }
                Future<String> body(String key) {
                    try {
                        return async(() -> await(load(key)) + "!"); // future-leaves-block
                    } catch (RuntimeException e) {
                        return Futures.ready("none");
                    }
                }
                Future<String> elsewhere(Repo repo) {
                    try {
                        var found = repo.find(3);
                        return found; // future-leaves-block
                    } catch (Missing e) {
                        return Futures.ready("guest");
                    } finally {
                        use("x");
                    }
                }
                """);
        assertTrue(said.getFirst().contains("what this future throws passes by this catch"), said::toString);
        assertTrue(
                said.getFirst()
                        .contains(
                                "write return async(() -> { try { return await(load(1)); } catch (IllegalStateException e) { … } })"),
                said::toString);
    }

    @Test
    void aCatchForTheMaking() throws Exception {
        check("""
                interface Repo { Future<String> find(int id); Future<String> eager(int id) throws IOException; }
                Future<String> arguments(String text) {
                    try {
                        return load(Integer.parseInt(text));
                    } catch (NumberFormatException e) {
                        return Futures.ready("no number");
                    }
                }
                Future<String> declared(Repo repo) {
                    try {
                        return repo.eager(1);
                    } catch (Exception e) {
                        return Futures.ready("none");
                    }
                }
                Future<String> converted(Repo repo) {
                    try {
                        return repo.find(1);
                    } catch (RuntimeException e) {
                        return Futures.failed(e);
                    }
                }
                Future<String> checkedArguments(Repo repo) {
                    try {
                        return repo.find(-1);
                    } catch (IllegalArgumentException e) {
                        return Futures.ready("none");
                    }
                }
                Future<String> wrapped(Repo repo) {
                    try {
                        return repo.find(1);
                    } catch (RuntimeException e) {
                        throw new IllegalStateException("no repository", e);
                    }
                }
                Future<String> function(Supplier<Future<String>> made, Function<String, Future<String>> of) {
                    try {
                        return made.get();
                    } catch (RuntimeException e) {
                        try {
                            return of.apply("x");
                        } catch (RuntimeException f) {
                            return Futures.ready("none");
                        }
                    }
                }
                Future<String> more(Repo repo) {
                    try {
                        use("x");
                        return repo.find(1);
                    } catch (RuntimeException e) {
                        return Futures.ready("none");
                    }
                }
                Future<String> inTheBody() {
                    return async(() -> {
                        try {
                            return await(load(1));
                        } catch (IllegalStateException e) {
                            return "none";
                        }
                    });
                }
                """);
    }

    @Test
    void aCatchThatTellsWhatTheMakingThrew() throws Exception {
        check("""
                interface Repo { Future<String> find(int id); }
                private Future<String> failure(Throwable cause) { return Futures.failed(new Exception(cause)); }
                private RuntimeException wrapped(Exception e) { return new IllegalStateException(e); }
                private Future<String> lookup(String text) {
                    int n = Integer.parseInt(text);
                    return load(n);
                }
                Future<String> byAMethod(Repo repo) {
                    try {
                        return repo.find(1);
                    } catch (RuntimeException e) {
                        return failure(e);
                    }
                }
                Future<String> thrownDeeper(Repo repo, boolean b) {
                    try {
                        return repo.find(1);
                    } catch (RuntimeException e) {
                        if (b) {
                            throw e;
                        } else {
                            throw wrapped(e);
                        }
                    }
                }
                Future<String> byABody(Repo repo) {
                    try {
                        return repo.find(1);
                    } catch (RuntimeException e) {
                        return async(() -> { await(yieldNow()); throw e; });
                    }
                }
                Future<String> makingThrows(String text) {
                    try {
                        return lookup(text);
                    } catch (RuntimeException e) {
                        return Futures.ready("none");
                    }
                }
                """);
    }

    @Test
    void aLockThatIsFreeBeforeTheFutureRuns() throws Exception {
        List<String> said = check("""
                private final Object monitor = new Object();
                private final ReentrantLock lock = new ReentrantLock();
                private final ReentrantReadWriteLock rw = new ReentrantReadWriteLock();
                private final StampedLock stamped = new StampedLock();
                private int count;
                Future<String> block() {
                    synchronized (monitor) {
                        return load(1); // future-leaves-block
                    }
                }
                synchronized Future<String> method() {
                    return load(1); // future-leaves-block
                }
                Future<Integer> state() {
                    synchronized (monitor) {
                        use("x");
                        return async(() -> { await(yieldNow()); return count++; }); // future-leaves-block
                    }
                }
                Future<String> locked() {
                    lock.lock();
                    try {
                        return load(1); // future-leaves-block
                    } finally {
                        lock.unlock();
                    }
                }
                Future<String> read() {
                    rw.readLock().lock();
                    try {
                        Future<String> made = load(1);
                        return made; // future-leaves-block
                    } finally {
                        rw.readLock().unlock();
                    }
                }
                Future<String> stamped() {
                    long stamp = stamped.writeLock();
                    try {
                        return async(() -> await(load(1))); // future-leaves-block
                    } finally {
                        stamped.unlockWrite(stamp);
                    }
                }
                """);
        assertTrue(said.getFirst().contains("the monitor of `monitor` is free again"), said::toString);
        assertTrue(said.get(1).contains("the monitor of this synchronized method is free again"), said::toString);
        assertTrue(said.get(3).contains("the lock `lock` is free again"), said::toString);
        assertTrue(said.get(4).contains("the lock `rw.readLock()` is free again"), said::toString);
    }

    @Test
    void aLockForTheMaking() throws Exception {
        check("""
                private final Map<String, String> users = new HashMap<>();
                private final ReentrantLock lock = new ReentrantLock();
                private Shared<String> cached;
                private int next;
                private volatile boolean closed;
                synchronized Future<String> lookedUp(String name) {
                    return load(users.get(name));
                }
                synchronized Future<String> counted() {
                    int n = next++;
                    return async(() -> { await(yieldNow()); return "" + n; });
                }
                synchronized Future<String> readsAField() {
                    return load(next);
                }
                synchronized Future<String> once() {
                    if (cached == null) {
                        cached = Futures.shared(load(1));
                    }
                    return cached;
                }
                Future<String> locked(String name) {
                    lock.lock();
                    try {
                        users.put(name, "x");
                        return load(name);
                    } finally {
                        lock.unlock();
                    }
                }
                Future<Boolean> takesItAgain() {
                    synchronized (users) {
                        use(users);
                        return async(() -> {
                            await(yieldNow());
                            synchronized (users) {
                                return next > 0 && closed;
                            }
                        });
                    }
                }
                static class Gate { void unlock() {} }
                Future<String> anotherUnlock(Gate gate) {
                    try {
                        return load(1);
                    } finally {
                        gate.unlock();
                    }
                }
                Future<String> afterwards() {
                    synchronized (users) {
                        users.clear();
                    }
                    return load(1);
                }
                synchronized String blocks() throws Exception {
                    return Latent.blockOn(load(1));
                }
                """);
    }

    // ---- null-future ------------------------------------------------------------------------------------------------

    @Test
    void aLockThatTheMakingOrTheFutureNeeds() throws Exception {
        check("""
                interface Repo { Future<String> find(int id); }
                private final Object monitor = new Object();
                private final ReentrantLock lock = new ReentrantLock();
                private final AsyncMutex<String> mutex = AsyncMutex.of("");
                private final Deque<String> queue = new ArrayDeque<>();
                private Repo repo;
                private Repo given;
                private int count;
                T(Repo repo) { this.repo = repo; }
                void setGiven(Repo given) { this.given = given; }
                Future<String> take() {
                    synchronized (monitor) {
                        return takeLocked();
                    }
                }
                private Future<String> takeLocked() {
                    String first = queue.poll();
                    return load(first);
                }
                synchronized Future<Integer> next() { return number(); }
                private Future<Integer> number() {
                    int n = count++;
                    return async(() -> { await(yieldNow()); return n; });
                }
                synchronized Future<String> injected(int id) {
                    count++;
                    return async(() -> await(repo.find(id)) + await(given.find(id)));
                }
                synchronized Future<Integer> locksItself() {
                    count++;
                    return async(() -> {
                        await(yieldNow());
                        lock.lock();
                        try {
                            return count++;
                        } finally {
                            lock.unlock();
                        }
                    });
                }
                synchronized Future<Integer> mutexItself() {
                    count++;
                    return async(() -> {
                        try (var held = await(mutex.lock())) {
                            use(held);
                            return count++;
                        }
                    });
                }
                """);
    }

    @Test
    void noFuture() throws Exception {
        List<String> said = check("""
                @interface Nullable {}
                Future<String> m(boolean b) {
                    if (b) {
                        return null; // null-future
                    }
                    return b ? load(1) : (null); // null-future
                }
                Future<Void> nothing() { return null; } // null-future
                Supplier<Future<String>> supplier = () -> null; // null-future
                Function<String, Future<String>> function = x -> { return (Future<String>) null; }; // null-future
                @Nullable Future<String> perhaps() { return null; }
                Future<String> body() { return async(() -> null); }
                CompletableFuture<String> another() { return null; }
                JoinHandle<String> handle() { return null; }
                Supplier<String> text = () -> null;
                Future<String> field = null;
                Future<String> checked(Future<String> f) { return f != null ? f : load(2); }
                """);
        assertTrue(said.getFirst().contains("write Futures.ready(…)"), said::toString);
        assertTrue(said.get(2).contains("write Futures.done()"), said::toString);
    }

    // ---- nested-block-on --------------------------------------------------------------------------------------------

    @Test
    void aNullThatSomebodyExpects() throws Exception {
        check("""
                @interface CheckForNull {}
                private final ConcurrentHashMap<String, Future<String>> map = new ConcurrentHashMap<>();
                private final java.util.concurrent.atomic.AtomicReference<Future<String>> last =
                        new java.util.concurrent.atomic.AtomicReference<>();
                private final ThreadLocal<Future<String>> local = ThreadLocal.withInitial(() -> null);
                void removed(String key) {
                    map.computeIfPresent(key, (k, f) -> { f.drop(); return null; });
                    map.compute(key, (k, f) -> f == last.get() ? null : f);
                }
                Future<String> taken() { return last.getAndUpdate(f -> null); }
                private Future<String> pending(String key) {
                    if (key.isEmpty()) {
                        return null;
                    }
                    return map.remove(key);
                }
                Future<String> perhaps(String key) {
                    Future<String> found = pending(key);
                    return found == null ? load(key) : found;
                }
                private Future<String> other(boolean b) { return b ? load(1) : null; }
                Optional<Future<String>> optional() { return Optional.ofNullable(other(true)); }
                interface Plugin { default Future<Void> stop() { return null; } }
                static class Own implements Plugin { @Override public Future<Void> stop() { return null; } }
                boolean stops(Plugin plugin) { return plugin.stop() != null; }
                @CheckForNull Future<String> annotated() { return null; }
                """);
    }

    @Test
    void blockingForAFutureInABody() throws Exception {
        List<String> said = check("""
                Future<String> m(LocalExecutor loop, WorkStealingExecutor pool, ThreadPerCore cores) {
                    return async(() -> {
                        var a = Latent.blockOn(load(1)); // nested-block-on
                        var b = loop.blockOn(load(2)); // nested-block-on
                        var c = pool.blockOn(load(3)); // nested-block-on
                        var d = cores.blockOn(() -> load(4)); // nested-block-on
                        var e = await(spawnBlocking(() -> Latent.blockOn(load(5))));
                        var f = Latent.blockInPlace(() -> Latent.blockOn(load(6)));
                        return a + b + c + d + e + f;
                    });
                }
                String outside() throws Exception { return Latent.blockOn(load(7)); }
                """);
        assertTrue(said.getFirst().contains("write await(load(1))"), said::toString);
        assertTrue(said.get(3).contains("write await(load(4))"), said::toString);
    }

    // ---- thread-local-across-await ----------------------------------------------------------------------------------

    @Test
    void aThreadsVariableBehindAnAwait() throws Exception {
        List<String> said = check("""
                static final ThreadLocal<String> USER = new ThreadLocal<>();
                static final ScopedValue<String> SCOPED = ScopedValue.newInstance();
                private final ThreadLocal<StringBuilder> buffer = ThreadLocal.withInitial(StringBuilder::new);
                Future<Void> set(boolean b) {
                    return async(() -> {
                        USER.set("a");
                        use(USER.get());
                        await(load(1));
                        use(USER.get()); // thread-local-across-await
                        USER.set("b");
                        use(USER.get());
                        if (b) {
                            await(load(2));
                        }
                        T.USER.remove(); // thread-local-across-await
                        use(T.USER.get());
                    });
                }
                Future<Void> cleanup() {
                    return async(() -> {
                        USER.set("a");
                        try {
                            await(load(1));
                        } finally {
                            USER.remove(); // thread-local-across-await
                        }
                    });
                }
                Future<Void> turns() {
                    return async(() -> {
                        for (int i = 0; i < 3; i++) {
                            use(SCOPED.get()); // thread-local-across-await
                            await(load(i));
                        }
                    });
                }
                """);
        assertTrue(said.getFirst().contains("`USER` was set on line 25"), said::toString);
        assertTrue(said.getLast().contains("`SCOPED` is what the polling thread has bound"), said::toString);
    }

    @Test
    void aThreadsVariableBetweenTwoAwaits() throws Exception {
        check("""
                static final ThreadLocal<String> USER = new ThreadLocal<>();
                static final ScopedValue<String> SCOPED = ScopedValue.newInstance();
                private final ThreadLocal<StringBuilder> buffer = ThreadLocal.withInitial(StringBuilder::new);
                Future<Void> body() {
                    return async(() -> {
                        use(buffer.get());
                        await(load(1));
                        use(buffer.get());
                        USER.set("a");
                        use(USER.get());
                        USER.remove();
                        await(load(2));
                        use(USER.get());
                        use(SCOPED.get());
                        USER.set("b");
                        await(load(3));
                        USER.set("c");
                        use(USER.get());
                        await(spawnBlocking(() -> {
                            USER.set("d");
                            return USER.get();
                        }));
                        AsyncRunnable other = () -> use(USER.get());
                        use(other);
                    });
                }
                void plain() {
                    USER.set("a");
                    use(USER.get());
                }
                """);
    }

    // ---- awaited-twice ----------------------------------------------------------------------------------------------

    @Test
    void aThreadsVariableThatIsPutBack() throws Exception {
        check("""
                static final ThreadLocal<String> USER = new ThreadLocal<>();
                static final ThreadLocal<Integer> DEPTH = ThreadLocal.withInitial(() -> 0);
                Future<Void> body() {
                    return async(() -> {
                        DEPTH.set(DEPTH.get() + 1);
                        try {
                            use(USER);
                        } finally {
                            DEPTH.set(DEPTH.get() - 1);
                        }
                        String before = USER.get();
                        USER.set("a");
                        use(USER.get());
                        USER.set(before);
                        await(load(1));
                        use(DEPTH.get());
                        use(USER.get());
                    });
                }
                """);
    }

    @Test
    void aListWhoseFuturesAreGone() throws Exception {
        List<String> said = check("""
                @SuppressWarnings("unchecked")
                Future<Void> m(List<String> names) {
                    return async(() -> {
                        var filled = new ArrayList<Future<String>>();
                        for (var name : names) {
                            filled.add(load(name));
                        }
                        for (var each : filled) {
                            await(each);
                        }
                        for (var each : filled) { // awaited-twice
                            use(await(each));
                        }
                        var mapped = names.stream().map(T::load).toList();
                        await(join(mapped));
                        for (Future<String> each : mapped) { // awaited-twice
                            var value = await(each);
                            use(value);
                        }
                        await(join(mapped)); // awaited-twice
                        Future<String>[] array = new Future[] {load(1), load(2)};
                        for (var each : array) {
                            await(each);
                        }
                        for (var each : array) { // awaited-twice
                            await(each);
                        }
                    });
                }
                Future<Void> captured() {
                    var two = List.of(load(1), load(2));
                    return async(() -> {
                        while (true) {
                            for (var each : two) { // awaited-twice
                                await(each);
                            }
                        }
                    });
                }
                """);
        assertTrue(said.getFirst().contains("were awaited on line 27, and each has one owner"), said::toString);
        assertTrue(said.getFirst().contains("var values = await(join(filled))"), said::toString);
        assertTrue(said.get(3).contains("var values = await(join(List.of(array)))"), said::toString);
        assertTrue(said.getLast().contains("in the turn before"), said::toString);
    }

    @Test
    void aListOfWhichSomeAreLeft() throws Exception {
        check("""
                Future<Void> m(List<String> names, List<Future<String>> given, boolean b) {
                    return async(() -> {
                        for (var each : given) {
                            await(each);
                        }
                        for (var each : given) {
                            await(each);
                        }
                        var many = names.stream().map(n -> Futures.shared(load(n))).toList();
                        var ready = new ArrayList<Future<String>>(List.of(Futures.ready("a"), load(1)));
                        for (var each : many) {
                            await(each);
                        }
                        for (var each : many) {
                            await(each);
                        }
                        for (var each : ready) {
                            await(each);
                        }
                        for (var each : ready) {
                            await(each);
                        }
                        var some = new ArrayList<Future<String>>();
                        some.add(load(1));
                        for (var each : some) {
                            if (b) {
                                await(each);
                            }
                        }
                        for (var each : some) {
                            if (b) {
                                break;
                            }
                            await(each);
                        }
                        await(join(some));
                        some.clear();
                        some.add(load(2));
                        for (var each : some) {
                            await(each);
                        }
                        if (b) {
                            return;
                        }
                        use(some);
                        for (var each : some) {
                            await(each);
                        }
                        var refilled = new ArrayList<Future<String>>();
                        while (true) {
                            refilled.add(load(3));
                            for (var each : refilled) {
                                await(each);
                            }
                            refilled.clear();
                        }
                    });
                }
                Future<Void> byALambda(List<String> names) {
                    return async(() -> {
                        var all = new ArrayList<Future<String>>();
                        names.forEach(n -> all.add(load(n)));
                        await(join(all));
                        for (var each : all) {
                            await(each);
                        }
                    });
                }
                """);
    }

    @Test
    void aFieldWhoseFutureIsGone() throws Exception {
        List<String> said = check("""
                static class Store {
                    private final Future<String> connected = load("c");
                    private Future<String> made;
                    private final Shared<String> many = Futures.shared(load("m"));
                    private final Future<String> ready = Futures.ready("r");
                    private final Future<String> given;
                    private Future<String> renewed = load("n");
                    private final Future<String> closing = load("x");
                    Store(Future<String> given) { made = load("a"); this.given = given; }
                    Future<String> get() {
                        return async(() -> await(connected) + await(made) + await(many) + await(ready) + await(given) + await(renewed));
                    }
                    Future<String> put() {
                        return async(() -> await(many) + await(ready) + await(given) + await(renewed)
                            + await(this.connected) // awaited-twice
                            + await(made)); // awaited-twice
                    }
                    void renew() { renewed = load("n"); }
                    Future<String> close() { return async(() -> await(closing)); }
                    void drop() { closing.drop(); }
                }
                static class Once {
                    private final Future<String> f = load(1);
                    Future<Void> m() {
                        return async(() -> {
                            for (int i = 0; i < 3; i++) {
                                await(f); // awaited-twice
                            }
                        });
                    }
                }
                @interface AsyncTest {}
                static class Tests {
                    private final Future<String> f = load(1);
                    @AsyncTest Future<String> a() { return async(() -> await(f)); }
                    @AsyncTest Future<String> b() { return async(() -> await(f)); }
                }
                static class OnlyOnce {
                    private final Future<String> f = load(1);
                    Future<String> m() { return async(() -> await(f)); }
                }
                """);
        assertTrue(said.getFirst().contains("`connected` is awaited on line "), said::toString);
        assertTrue(said.getFirst().contains("Futures.shared(load(\"c\"))"), said::toString);
    }

    @Test
    void aFieldThatIsForManyOrForOneOfTwo() throws Exception {
        check("""
                static class Call {
                    private final Future<String> work;
                    Call(String key) { work = load(key); }
                    String execute() throws Exception { return Latent.blockOn(work); }
                    JoinHandle<String> enqueue(Spawner spawner) { return spawner.spawn(work); }
                    Future<String> within(Duration limit) { return timeout(limit, work); }
                }
                static class Node {
                    private final Future<String> value = load(1);
                    Future<String> own() { return timeout(Duration.ofSeconds(1), value); }
                    static Future<Tuple2<String, String>> both(Node a, Node b) { return join(a.value, b.value); }
                }
                private static Future<String> direct() { return Futures.shared(load(1)); }
                private static Future<String> named() { Shared<String> made = Futures.shared(load(1)); return made; }
                private static Future<String> through(boolean b) { return b ? named() : direct(); }
                private static Future<String> local() { Future<String> made = Futures.shared(load(1)); return made; }
                private final Future<String> a = direct();
                private final Future<String> b = named();
                private final Future<String> c = through(true);
                private final Future<String> d = local();
                private final Map<String, Future<String>> map = new HashMap<>();
                Future<String> one() { return async(() -> await(a) + await(b) + await(c) + await(d)); }
                Future<String> two() { return async(() -> await(a) + await(b) + await(c) + await(d)); }
                Future<String> three() { return async(() -> await(map.computeIfAbsent("x", k -> through(false)))); }
                Future<String> takenOut(String key) {
                    return async(() -> {
                        var f = map.computeIfAbsent(key, k -> load(k));
                        map.remove(key);
                        return await(f);
                    });
                }
                """);
    }

    @Test
    void aMapThatKeepsAFuture() throws Exception {
        List<String> said = check("""
                final Map<String, Future<String>> map = new HashMap<>();
                final ConcurrentHashMap<String, Future<String>> concurrent = new ConcurrentHashMap<>();
                final Map<String, Shared<String>> shared = new HashMap<>();
                Future<String> m(String key) {
                    return async(() -> {
                        var a = await(map.computeIfAbsent(key, k -> load(k))); // awaited-twice
                        var b = await(concurrent.computeIfAbsent(key, T::load)); // awaited-twice
                        var kept = map.computeIfAbsent(key, k -> { return load(k + "!"); }); // awaited-twice
                        var c = await(kept);
                        var d = await(map.computeIfAbsent(key, k -> Futures.shared(load(k))));
                        var e = await(shared.computeIfAbsent(key, k -> Futures.shared(load(k))));
                        map.computeIfAbsent(key, k -> load(k));
                        return a + b + c + d + e;
                    });
                }
                """);
        assertTrue(said.getFirst().contains("Futures.shared(load(k))"), said::toString);
        assertTrue(said.get(1).contains("key -> Futures.shared(…(key))"), said::toString);
    }

    // ---- unused-future, by way of the JDK ---------------------------------------------------------------------------

    @Test
    void aFutureThatTheJdkHandsToNobody() throws Exception {
        List<String> said = check("""
                void m(ExecutorService pool, ScheduledExecutorService later, Optional<String> one, List<String> all) throws Exception {
                    pool.submit(() -> load("a")); // unused-future
                    pool.submit(() -> { use("x"); return load("a"); }); // unused-future
                    var unread = pool.submit(() -> load("a")); // unused-future
                    java.util.concurrent.Future<?> blurred = pool.submit(() -> load("a")); // unused-future
                    blurred.get();
                    pool.submit(() -> load("a")).get(); // unused-future
                    pool.submit(() -> load("a")).get(1, TimeUnit.SECONDS); // unused-future
                    later.schedule(() -> load("a"), 1, TimeUnit.SECONDS); // unused-future
                    CompletableFuture.supplyAsync(() -> load("a")); // unused-future
                    CompletableFuture.supplyAsync(() -> load("a")).thenRun(() -> use("x")); // unused-future
                    CompletableFuture.completedFuture("a").thenApply(T::load).join(); // unused-future
                    one.map(T::load); // unused-future
                    boolean there = one.map(k -> load(k)).isPresent(); // unused-future
                    all.stream().map(T::load).toList(); // unused-future
                    use(there || all.stream().map(T::load).count() > 3); // unused-future
                    all.forEach(k -> one.map(T::load)); // unused-future
                }
                """);
        assertTrue(said.getFirst().contains("`submit` hands this future on as a value"), said::toString);
        assertTrue(said.getFirst().contains("Latent.blockOn(load(\"a\"))"), said::toString);
    }

    @Test
    void aFutureThatComesBack() throws Exception {
        check("""
                interface Pool { <X> void submit(Callable<X> work); }
                final Map<String, Future<String>> map = new HashMap<>();
                void m(ExecutorService pool, Pool own, Optional<String> one, List<String> all, AsyncCallable<String> body) throws Exception {
                    Future<String> a = pool.submit(() -> load("a")).get();
                    use(a);
                    var b = pool.submit(() -> load("a"));
                    Latent.blockOn(b.get());
                    pool.submit(() -> Latent.blockOn(load("a")));
                    own.submit(() -> load("a"));
                    CompletableFuture.supplyAsync(() -> load("a")).thenAccept(f -> use(f).drop());
                    Latent.blockOn(one.map(T::load).orElse(load("b")));
                    one.map(T::load).ifPresent(f -> use(f));
                    use(one.map(T::load));
                    Latent.blockOn(join(all.stream().map(T::load).toList()));
                    var futures = all.stream().map(T::load).toList();
                    Latent.blockOn(join(futures));
                    map.computeIfAbsent("x", T::load);
                    Latent.blockOn(Futures.observe(CompletableFuture.supplyAsync(() -> load("a"))));
                    Object any = pool.submit(() -> load("a"));
                    use(any);
                    pool.submit(() -> spawnedElsewhere());
                }
                JoinHandle<String> spawnedElsewhere() { throw new UnsupportedOperationException(); }
                """);
    }

    // ---- beside what javac refuses ----------------------------------------------------------------------------------

    @Test
    void variablesThatAreMadeOfThemselves() throws Exception {
        Javac.Result result = Javac.compile(List.of(), Map.of("T", HEAD + """
                Future<String> leaves() { try { Future<String> z = z; return z; } catch (RuntimeException e) { return load(1); } }
                synchronized Future<String> either(boolean b) { Future<String> z = b ? z : (z); return z; }
                private final Future<String> kept = leaves();
                Future<String> one() { return async(() -> await(kept)); }
                Future<Void> loses(Spawner spawner) {
                    return async(() -> {
                        Future<Void> k = k;
                        await(select(k, sleep(Duration.ZERO)));
                        spawner.spawn(k).detach();
                    });
                }
                void resource() { try (Missing m = new Missing()) { use(m); } }
                }
                """));
        List<String> said =
                result.diagnostics().stream().map(d -> d.getMessage(null)).toList();
        assertFalse(said.isEmpty());
        assertTrue(
                said.stream().noneMatch(s -> s.contains("[latent:") && !s.contains("[latent:use-after-move]")),
                said::toString);
    }

    @Test
    void variablesThatAreCalledAwaitAndAsync() throws Exception {
        check("""
                boolean text(Object await, Object async) { return await instanceof String || async instanceof Integer; }
                """);
    }
}
