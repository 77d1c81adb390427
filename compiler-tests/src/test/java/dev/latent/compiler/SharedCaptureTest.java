package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SharedCaptureTest {
    private static List<String> check(String body) throws Exception {
        return Marked.check(List.of(), """
                import static dev.latent.Async.*;
                import dev.latent.*;
                import dev.latent.Future;
                import dev.latent.runtime.*;
                import java.util.*;
                import java.util.concurrent.*;
                import java.util.concurrent.locks.*;
                class T {
                    @SuppressWarnings("latent:null-future") static Future<String> f() { return null; }
                """ + body + "}\n");
    }

    @Test
    void usedAfterTheSpawnWithoutAnAwait() throws Exception {
        List<String> said = check("""
                Future<Void> m(Spawner spawner) {
                    return async(() -> {
                        var list = new ArrayList<String>();
                        spawn(async(() -> {
                            list.add(await(f())); // shared-capture
                        })).detach();
                        IO.println(list.size());

                        int[] count = {0};
                        try (var task = spawner.spawn(async(() -> { count[0]++; }))) { // shared-capture
                            count[0]++;
                        }

                        Map<String, String> map = new HashMap<>();
                        var a = spawn(async(() -> map.get("x"))); // shared-capture
                        map.put("x", "y");
                        await(a);

                        var both = new StringBuilder();
                        spawn(async(() -> { both.append(1); })).detach(); // shared-capture
                        spawn(async(() -> { both.append(2); })).detach();
                    });
                }
                void plain(WorkStealingExecutor pool) {
                    var list = new ArrayList<String>();
                    var handle = pool.spawn(async(() -> { list.add("x"); })); // shared-capture
                    for (String s : list) { IO.println(s); }
                    handle.close();
                }
                """);
        assertTrue(
                said.getFirst().contains("list, an unsynchronised ArrayList, is used by this task"), said.toString());
        assertTrue(said.getFirst().contains("by line 16"), said.toString());
    }

    @Test
    void usedByTheTaskOfTheNextTurn() throws Exception {
        List<String> said = check("""
                Future<Void> accept(boolean b) {
                    return scopeDo(clients -> {
                        Set<String> names = new HashSet<>();
                        while (b) {
                            var name = await(f());
                            clients.spawn(async(() -> { names.add(name); })); // shared-capture
                        }
                    });
                }
                Future<Void> all(List<String> urls) {
                    return async(() -> {
                        var results = new ArrayList<String>();
                        var handles = new ArrayList<JoinHandle<Void>>();
                        for (String url : urls) {
                            handles.add(spawn(async(() -> { results.add(url); }))); // shared-capture
                        }
                        await(join(handles));
                    });
                }
                """);
        assertTrue(said.getFirst().contains("another turn of the loop"), said.toString());
    }

    @Test
    void whatIsNotCertainIsNotSaid() throws Exception {
        check("""
                Future<Void> ordered(List<String> parameter) {
                    return async(() -> {
                        var list = new ArrayList<String>();
                        list.add("before");
                        try (var task = spawn(async(() -> { list.add(await(f())); }))) {
                            await(task);
                        }
                        list.add("after");

                        var later = new ArrayList<String>();
                        var h = spawn(async(() -> { later.add("x"); }));
                        await(h);
                        later.clear();

                        var signalled = new ArrayList<String>();
                        spawn(async(() -> { signalled.add("x"); })).detach();
                        await(f());
                        signalled.clear();

                        var read = new HashMap<String, String>();
                        read.put("x", "y");
                        spawn(async(() -> { read.get("x"); })).detach();
                        read.get("x");

                        var safe = new ConcurrentHashMap<String, String>();
                        spawn(async(() -> { safe.put("x", "y"); })).detach();
                        safe.get("x");

                        var wrapped = Collections.synchronizedList(new ArrayList<String>());
                        spawn(async(() -> { wrapped.add("x"); })).detach();
                        wrapped.add("x");

                        var handed = new ArrayList<String>();
                        var g = spawn(async(() -> { handed.add("x"); }));
                        keep(g, handed);

                        var guarded = new ArrayList<String>();
                        spawn(async(() -> { synchronized (guarded) { guarded.add("x"); } })).detach();
                        synchronized (guarded) { guarded.add("x"); }

                        spawn(async(() -> { parameter.add("x"); })).detach();
                        parameter.add("x");

                        for (int i = 0; i < 3; i++) {
                            var own = new ArrayList<String>();
                            spawn(async(() -> { own.add("x"); })).detach();
                        }
                        var inTurn = new ArrayList<String>();
                        for (int i = 0; i < 3; i++) {
                            await(spawn(async(() -> { inTurn.add("x"); })));
                        }
                    });
                }
                static void keep(Object... all) { }
                Future<Void> locked(ReentrantLock lock) {
                    return async(() -> {
                        var list = new ArrayList<String>();
                        spawn(async(() -> { lock.lock(); list.add("x"); lock.unlock(); })).detach();
                        lock.lock();
                        list.add("x");
                        lock.unlock();
                    });
                }
                void oneThread(LocalExecutor loop, WorkStealingExecutor pool) throws Exception {
                    var list = new ArrayList<String>();
                    loop.spawn(async(() -> { list.add("x"); })).detach();
                    list.add("y");
                    Latent.blockOn(async(() -> {
                        spawn(async(() -> { list.add("x"); })).detach();
                        list.add("y");
                    }));
                    var waited = new ArrayList<String>();
                    var h = pool.spawn(async(() -> { waited.add("x"); }));
                    pool.blockOn(h);
                    waited.add("y");
                }
                """);
    }
}
