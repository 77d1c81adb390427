package dev.latent.compiler;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Latent in a file that mentions nothing of it: what it uses comes by inheritance and from methods of others. */
class UnmentionedTest {
    private static final Map<String, String> OTHERS = Map.of("far.Service", """
            package far;
            import dev.latent.*;
            import dev.latent.Future;
            public interface Service extends Spawner {
                Future<String> find(int id);
                AsyncCloseable open();
                default Future<String> retry(AsyncCallable<String> body) { return Async.async(body); }
            }
            """, "far.Base", """
            package far;
            import dev.latent.*;
            import dev.latent.Future;
            public abstract class Base implements Future<String> {
                protected static <T> T await(Future<T> future) throws Exception { throw new Exception(future.toString()); }
            }
            """);

    @Test
    void isFoundAllTheSame() throws Exception {
        Marked.check(List.of(), """
                abstract class T extends far.Base {
                    private final far.Service service;
                    T(far.Service service) { this.service = service; }
                    void run(java.util.List<Integer> ids) throws Exception {
                        service.find(1); // unused-future
                        ids.forEach(id -> service.find(id)); // unused-future
                        ids.forEach(service::find); // unused-future
                        var unread = service.find(2); // unused-future
                        service.spawn(service.find(3)); // unused-handle
                        var moved = service.find(4);
                        service.spawn(moved).detach();
                        service.spawn(moved).detach(); // use-after-move
                        await(service.find(5));
                        try (var open = service.open()) { // async-close-outside-async
                            System.out.println(open);
                        }
                    }
                }
                """, OTHERS);
    }

    @Test
    void inBodies() throws Exception {
        Marked.check(List.of(), """
                class T {
                    Object run(far.Service service, java.util.concurrent.locks.Lock lock) {
                        class Local {
                            Object inner() {
                                return service.retry(() -> {
                                    service.find(1); // unused-future
                                    Thread.sleep(1); // blocking-call
                                    return "";
                                });
                            }
                        }
                        return new Local().inner();
                    }
                }
                """, OTHERS);
    }
}
