package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Monitors and locks that are held across an await. */
class LockAcrossAwaitTest {
    private static List<String> body(String statements) throws Exception {
        return Marked.check(List.of(), """
                import static dev.latent.Async.*;
                import dev.latent.*;
                import dev.latent.Future;
                import java.util.concurrent.TimeUnit;
                import java.util.concurrent.locks.*;
                class T {
                    @SuppressWarnings("latent:null-future") static Future<String> f() { return null; }
                    static boolean c() { return false; }
                    static void log(Object o) {}
                    interface Res extends AsyncCloseable { }
                    static Res res() { return null; }
                    final Object stock = new Object();
                    final ReentrantLock lock = new ReentrantLock();
                    final Lock other = new ReentrantLock();
                    final ReadWriteLock rw = new ReentrantReadWriteLock();
                    final StampedLock stamped = new StampedLock();
                    Future<Object> m(boolean x, int n) {
                        return async(() -> {
                """ + statements + """
                            return await(f());
                        });
                    }
                }
                """);
    }

    @Test
    void monitors() throws Exception {
        List<String> said = body("synchronized (stock) {\nlog(await(f())); // lock-across-await\n}\n");
        assertTrue(said.getFirst().contains("the monitor of `stock` is held across this await"), said::toString);
        assertTrue(
                said.getFirst()
                        .contains(
                                "could block this thread for ever: shorten the synchronized block, or use AsyncMutex"),
                said::toString);
        body("synchronized (await(f())) { log(async(() -> await(f()))); }\n");
        body("synchronized (stock) { if (x) return null; }\n");
        body("while (c()) { synchronized (stock) { if (x) break; if (c()) continue; } await(f()); }\n");
        body("try { synchronized (stock) { c(); } } catch (RuntimeException e) { await(f()); }\n");
        body("synchronized (stock) {\ntry (Res r = res()) { // lock-across-await\nc(); }\n}\n");
    }

    @Test
    void locks() throws Exception {
        List<String> said = body(
                "lock.lock();\ntry {\nlog(await(f())); // lock-across-await\n" + "} finally { this.lock.unlock(); }\n");
        assertTrue(said.getFirst().contains("the lock `lock` is held across this await"), said::toString);
        assertTrue(said.getFirst().contains("unlock before it, or use AsyncMutex"), said::toString);
        body("this.lock.lock();\nawait(f()); // lock-across-await\nlock.unlock();\n");
        body("other.lockInterruptibly();\nif (x) {\nawait(f()); // lock-across-await\n}\nother.unlock();\n");
        body("rw.writeLock().lock();\nawait(f()); // lock-across-await\nrw.writeLock().unlock();\n");
        body("Lock read = rw.readLock();\nread.lock();\nawait(f()); // lock-across-await\nread.unlock();\n");
        body("long s = stamped.writeLock();\ntry {\nawait(f()); // lock-across-await\n"
                + "} finally { stamped.unlockWrite(s); }\n");
        body("lock.lock();\ntry (Res r = res()) { // lock-across-await\n} finally { lock.unlock(); }\n");
    }

    @Test
    void locksThatWereTried() throws Exception {
        body("if (lock.tryLock()) {\ntry {\nawait(f()); // lock-across-await\n} finally { lock.unlock(); }\n} "
                + "else { await(f()); }\n");
        body("if (!lock.tryLock(1, TimeUnit.SECONDS)) return await(f());\n"
                + "try {\nawait(f()); // lock-across-await\n} finally { lock.unlock(); }\n");
        body("if (x && lock.tryLock()) { lock.unlock(); await(f()); }\n");
    }

    @Test
    void whatIsUnlockedBefore() throws Exception {
        body("lock.lock();\ntry { c(); } finally { lock.unlock(); }\nawait(f());\n");
        body("for (int i = 0; i < n; i++) {\nlock.lock();\ntry { if (c()) continue; if (x) break; }"
                + " finally { lock.unlock(); }\nawait(f());\n}\n");
        body("lock.lock();\ntry { c(); if (x) return null; } catch (RuntimeException e) { lock.unlock(); await(f());"
                + " throw e; }\nlock.unlock();\n");
        body("lock.lock();\nc();\nif (lock.isHeldByCurrentThread()) lock.unlock();\nawait(f());\n");
        body("boolean held = true;\nlock.lock();\ntry { c(); lock.unlock(); held = false; await(f()); }"
                + " finally { if (held) lock.unlock(); }\n");
        body("boolean first = true;\nwhile (c()) { if (first) { first = false; await(f()); } else { lock.unlock(); }\n"
                + "lock.lock(); }\nlock.unlock();\n");
        body("if (x) lock.lock();\nc();\nif (x) lock.unlock();\nawait(f());\n");
        body("if (x) lock.lock();\nif (x) { lock.unlock(); await(f()); }\n");
    }

    @Test
    void whatTheBodyDoesNotUnlock() throws Exception {
        body("lock.lock();\nc();\nawait(f());\n");
        body("lock.lock();\nRunnable r = () -> lock.unlock();\nawait(f());\n");
    }
}
