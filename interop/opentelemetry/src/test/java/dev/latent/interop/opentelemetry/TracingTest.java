package dev.latent.interop.opentelemetry;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.compute;
import static dev.latent.Async.join;
import static dev.latent.Async.spawn;
import static dev.latent.Async.timeout;
import static dev.latent.Async.yieldNow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Releasable;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.world.FailureHandler;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TracingTest {
    private static final ContextKey<String> USER = ContextKey.named("user");

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final Tracer tracer = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(spans))
            .build()
            .get("test");

    private Future<String> user() {
        return async(() -> {
            String before = Context.current().get(USER);
            await(yieldNow());
            assertEquals(before, Context.current().get(USER));
            return String.valueOf(before);
        });
    }

    @Test
    void theContextHoldsAcrossAwaitsAndIsPutBack() throws Exception {
        Context ann = Context.root().with(USER, "ann");
        Context bob = Context.root().with(USER, "bob");
        Context before = Context.current();
        var both = Latent.blockOn(join(Tracing.where(ann, user()), Tracing.where(bob, user()), user()));
        assertEquals("ann", both.first());
        assertEquals("bob", both.second());
        assertEquals("null", both.third());
        assertSame(before, Context.current());
    }

    @Test
    void whatIsSpawnedAndComputedHasIt() throws Exception {
        Context ann = Context.root().with(USER, "ann");
        try (var threads = WorkStealingExecutor.create(2)) {
            assertEquals("ann ann", threads.blockOn(Tracing.where(ann, async(() -> {
                String spawned = await(spawn(user()));
                return spawned + " "
                        + await(compute(() -> String.valueOf(Context.current().get(USER))));
            }))));
            try (var _ = ann.makeCurrent()) {
                var handle = threads.spawn(Tracing.carrying(user()));
                assertEquals("ann", threads.blockOn(handle));
            }
        }
    }

    /** A processor that throws, as spans begin or as they end. */
    private static Tracer throwing(boolean start) {
        return SdkTracerProvider.builder()
                .addSpanProcessor(new SpanProcessor() {
                    @Override
                    public void onStart(Context parent, ReadWriteSpan span) {
                        if (start) {
                            throw new IllegalStateException("at its start");
                        }
                    }

                    @Override
                    public boolean isStartRequired() {
                        return true;
                    }

                    @Override
                    public void onEnd(ReadableSpan span) {
                        throw new IllegalStateException("at its end");
                    }

                    @Override
                    public boolean isEndRequired() {
                        return true;
                    }
                })
                .build()
                .get("test");
    }

    @Test
    void whatAProcessorThrowsTakesNoValueAndLeavesNothingOpen() throws Exception {
        List<String> reported = new CopyOnWriteArrayList<>();
        try (LocalExecutor executor = LocalExecutor.builder()
                .world(Latent.system().with(FailureHandler.class, (_, failure) -> reported.add(failure.getMessage())))
                .build()) {
            assertEquals(
                    "value",
                    executor.blockOn(Tracing.span(throwing(false).spanBuilder("ends"), Futures.ready("value"))));
            assertEquals(List.of("at its end"), reported);
            IOException failure = new IOException();
            assertSame(
                    failure,
                    assertThrows(
                            IOException.class,
                            () -> executor.blockOn(
                                    Tracing.span(throwing(false).spanBuilder("fails"), Futures.failed(failure)))));

            List<String> closed = new ArrayList<>();
            Releasable held = () -> closed.add("closed");
            Future<Void> owns = async(() -> {
                try (held) {
                    await(yieldNow());
                }
            });
            assertThrows(
                    IllegalStateException.class,
                    () -> executor.blockOn(Tracing.span(throwing(true).spanBuilder("begins"), owns)));
            assertEquals(List.of("closed"), closed);
        }
    }

    private SpanData span(String name) {
        return spans.getFinishedSpanItems().stream()
                .filter(s -> s.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aSpanLastsAsLongAsItsFutureAndIsTheParentOfThoseWithin() throws Exception {
        try (var threads = WorkStealingExecutor.create(2)) {
            threads.blockOn(Tracing.span(tracer.spanBuilder("outer"), async(() -> {
                await(yieldNow());
                await(Tracing.span(tracer.spanBuilder("inner"), async(() -> {
                    await(yieldNow());
                    assertTrue(Span.current().getSpanContext().isValid());
                })));
                await(spawn(Tracing.span(tracer.spanBuilder("spawned"), yieldNow())));
                assertEquals(2, spans.getFinishedSpanItems().size());
            })));
        }
        String outer = span("outer").getSpanId();
        assertEquals(SpanId.getInvalid(), span("outer").getParentSpanId());
        assertEquals(outer, span("inner").getParentSpanId());
        assertEquals(outer, span("spawned").getParentSpanId());
        assertFalse(Span.current().getSpanContext().isValid());
    }

    @Test
    void aFailureIsRecorded() {
        assertThrows(
                IOException.class,
                () -> Latent.blockOn(Tracing.span(tracer.spanBuilder("bad"), async(() -> {
                    await(yieldNow());
                    throw new IOException("lost");
                }))));
        assertEquals(StatusCode.ERROR, span("bad").getStatus().getStatusCode());
        assertEquals("exception", span("bad").getEvents().getFirst().getName());
    }

    @Test
    void aDropEndsItAfterTheCleanup() {
        var work = Tracing.span(tracer.spanBuilder("work"), async(() -> {
            try {
                await(Futures.<Void>pending());
            } finally {
                await(Tracing.span(tracer.spanBuilder("cleanup"), yieldNow()));
            }
        }));
        assertThrows(TimeoutException.class, () -> Latent.blockOn(timeout(Duration.ofMillis(1), work)));
        assertEquals(
                List.of("cleanup", "work"),
                spans.getFinishedSpanItems().stream().map(SpanData::getName).toList());
        assertEquals(span("work").getSpanId(), span("cleanup").getParentSpanId());
        assertEquals("dropped", span("work").getEvents().getFirst().getName());
    }

    @Test
    void droppedUnpolledThereIsNone() {
        Tracing.span(tracer.spanBuilder("never"), user()).drop();
        assertTrue(spans.getFinishedSpanItems().isEmpty());
    }
}
