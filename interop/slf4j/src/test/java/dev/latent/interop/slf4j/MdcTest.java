package dev.latent.interop.slf4j;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.join;
import static dev.latent.Async.spawn;
import static dev.latent.Async.spawnBlocking;
import static dev.latent.Async.timeout;
import static dev.latent.Async.yieldNow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.latent.Future;
import dev.latent.Tuple2;
import dev.latent.runtime.Latent;
import dev.latent.runtime.WorkStealingExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

@Timeout(60)
class MdcTest {
    @AfterEach
    void nothingStays() {
        MDC.clear();
    }

    private Future<String> user() {
        return async(() -> {
            String before = MDC.get("user");
            await(yieldNow());
            assertEquals(before, MDC.get("user"));
            return String.valueOf(before);
        });
    }

    @Test
    void entriesHoldAcrossAwaitsOfOneFutureOnly() throws Exception {
        assertEquals(
                new Tuple2<>("ann", "bob"),
                Latent.blockOn(join(Mdc.where("user", "ann", user()), Mdc.where("user", "bob", user()))));
        assertEquals(new Tuple2<>("ann", "null"), Latent.blockOn(join(Mdc.where("user", "ann", user()), user())));
        assertNull(MDC.get("user"));
    }

    @Test
    void theyAddUpAndThoseOfTheThreadArePutBack() throws Exception {
        MDC.put("thread", "mine");
        String all = Latent.blockOn(Mdc.where(
                "user",
                "ann",
                async(() -> await(Mdc.where(Map.of("order", "7"), async(() -> {
                            await(yieldNow());
                            assertEquals(Map.of("user", "ann", "order", "7"), Mdc.entries(context()));
                            return MDC.get("user") + MDC.get("order") + MDC.get("thread");
                        })))
                        + MDC.get("order"))));
        assertEquals("ann7nullnull", all);
        assertEquals("mine", MDC.get("thread"));
        assertNull(MDC.get("user"));
    }

    @Test
    void whatTheThreadHasMayBeCarriedIn() throws Exception {
        MDC.put("user", "ann");
        MDC.put("nobody", null);
        Future<String> carried = Mdc.carrying(user());
        MDC.clear();
        try (var threads = WorkStealingExecutor.create(1)) {
            assertEquals("ann", threads.blockOn(carried));
        }
    }

    @Test
    void whatIsSpawnedAndBlockingWorkHaveThem() throws Exception {
        try (var threads = WorkStealingExecutor.create(2)) {
            assertEquals("ann ann", threads.blockOn(Mdc.where("user", "ann", async(() -> {
                String spawned = await(spawn(user()));
                return spawned + " " + await(spawnBlocking(() -> MDC.get("user")));
            }))));
            assertEquals(
                    "null null",
                    threads.blockOn(
                            async(() -> await(spawn(user())) + " " + await(spawnBlocking(() -> MDC.get("user"))))));
        }
    }

    @Test
    void whatIsPutInsideIsLostAtTheNextAwait() throws Exception {
        assertEquals("null", Latent.blockOn(Mdc.where("user", "ann", async(() -> {
            MDC.put("step", "1");
            await(yieldNow());
            return String.valueOf(MDC.get("step"));
        }))));
    }

    /** What a cleanup logs has them, too. */
    @Test
    void aCleanupLogsWithThem() {
        Logger log = (Logger) LoggerFactory.getLogger("mdc-test");
        ListAppender<ILoggingEvent> logged = new ListAppender<>() {
            @Override
            protected void append(ILoggingEvent event) {
                event.prepareForDeferredProcessing(); // as what hands events to another thread has it
                super.append(event);
            }
        };
        log.setAdditive(false);
        log.addAppender(logged);
        logged.start();
        var work = Mdc.where("user", "ann", async(() -> {
            try {
                await(dev.latent.Futures.<Void>pending());
            } finally {
                await(yieldNow());
                log.info("cleanup");
            }
        }));
        assertThrows(TimeoutException.class, () -> Latent.blockOn(timeout(Duration.ofMillis(1), work)));
        assertEquals(
                List.of(Map.of("user", "ann")),
                logged.list.stream().map(ILoggingEvent::getMDCPropertyMap).toList());
    }
}
