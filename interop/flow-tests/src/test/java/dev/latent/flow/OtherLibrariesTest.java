package dev.latent.flow;

import static dev.latent.Async.await;
import static dev.latent.Async.yieldNow;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertThrows;

import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.stream.AsyncStream;
import io.reactivex.rxjava3.core.Flowable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.BuildersKt;
import kotlinx.coroutines.flow.FlowKt;
import kotlinx.coroutines.jdk9.ReactiveFlowKt;
import org.reactivestreams.FlowAdapters;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;

/** Other libraries' streams beside ours, both ways, through {@link Flow}. */
public class OtherLibrariesTest {
    private WorkStealingExecutor executor;

    @BeforeClass
    public void open() {
        executor = WorkStealingExecutor.create(2);
    }

    @AfterClass
    public void close() {
        executor.close();
    }

    /** The squares of the numbers below n, each of which has to be waited for. */
    private static AsyncStream<Integer> squares(int n) {
        return AsyncStream.<Integer>generate(out -> {
                    for (int i = 0; i < n; i++) {
                        await(out.emit(i));
                    }
                })
                .mapConcurrent(4, i -> {
                    await(yieldNow());
                    return i * i;
                });
    }

    @Test
    public void reactorReadsAStreamAndAStreamReadsReactor() throws Exception {
        Flux<Integer> flux = JdkFlowAdapter.flowPublisherToFlux(squares(1_000).toPublisher(executor));
        assertEquals(flux.filter(v -> v % 2 == 0).take(3).collectList().block(), List.of(0, 4, 16));

        Flow.Publisher<Integer> numbers = JdkFlowAdapter.publisherToFlowPublisher(Flux.range(1, 1_000));
        assertEquals(
                executor.blockOn(AsyncStream.from(numbers)
                        .mapAsync(v -> {
                            await(yieldNow());
                            return v;
                        })
                        .fold(0, Integer::sum)),
                (Integer) 500_500);
    }

    @Test
    public void rxJavaReadsAStreamAndAStreamReadsRxJava() throws Exception {
        Flowable<Integer> flowable =
                Flowable.fromPublisher(FlowAdapters.toPublisher(squares(1_000).toPublisher(executor)));
        assertEquals(flowable.skip(998).toList().blockingGet(), List.of(998 * 998, 999 * 999));

        Flow.Publisher<Integer> numbers = FlowAdapters.toFlowPublisher(Flowable.range(1, 1_000));
        assertEquals(executor.blockOn(AsyncStream.from(numbers).take(4).toList()), List.of(1, 2, 3, 4));
    }

    @Test
    public void kotlinReadsAStreamAndAStreamReadsKotlin() throws Exception {
        kotlinx.coroutines.flow.Flow<Integer> flow =
                ReactiveFlowKt.asFlow(squares(1_000).toPublisher(executor));
        List<Integer> read = new ArrayList<>();
        BuildersKt.runBlocking(
                EmptyCoroutineContext.INSTANCE,
                (scope, continuation) -> FlowKt.toList(FlowKt.take(flow, 4), read, continuation));
        assertEquals(read, List.of(0, 1, 4, 9));

        Flow.Publisher<Integer> numbers =
                ReactiveFlowKt.asPublisher(FlowKt.asFlow(new kotlin.ranges.IntRange(1, 1_000)));
        assertEquals(
                executor.blockOn(AsyncStream.from(numbers).reduce(Integer::sum)).orElseThrow(), (Integer) 500_500);
    }

    @Test
    public void theJdksPublisherIsRead() throws Exception {
        var publisher = new SubmissionPublisher<Integer>();
        var sum = executor.spawn(
                AsyncStream.from((Flow.Publisher<Integer>) publisher).fold(0L, Long::sum));
        while (!publisher.hasSubscribers()) {
            Thread.onSpinWait();
        }
        for (int i = 1; i <= 100_000; i++) {
            publisher.submit(i);
        }
        publisher.close();
        assertEquals(executor.blockOn(sum), (Long) 5_000_050_000L);
    }

    @Test
    public void failuresCrossBothWays() {
        Flow.Publisher<Integer> failing = AsyncStream.<Integer>generate(out -> {
                    await(out.emit(1));
                    throw new IOException("ours");
                })
                .toPublisher(executor);
        assertThrows(Exception.class, () -> JdkFlowAdapter.flowPublisherToFlux(failing)
                .blockLast());
        Flow.Publisher<Integer> theirs = JdkFlowAdapter.publisherToFlowPublisher(Flux.error(new IOException("theirs")));
        assertThrows(
                IOException.class,
                () -> executor.blockOn(AsyncStream.from(theirs).toList()));
    }

    @Test
    public void cancellingDropsTheStreamWithItsCleanup() throws Exception {
        var cleaned = new CountDownLatch(1);
        Flow.Publisher<Integer> endless = AsyncStream.<Integer>generate(out -> {
                    try {
                        for (int i = 0; ; i++) {
                            await(out.emit(i));
                        }
                    } finally {
                        await(yieldNow());
                        cleaned.countDown();
                    }
                })
                .toPublisher(executor);
        assertEquals(
                JdkFlowAdapter.flowPublisherToFlux(endless)
                        .take(2)
                        .collectList()
                        .block(),
                List.of(0, 1));
        cleaned.await();
    }

    @Test
    public void droppingCancelsTheSubscription() throws Exception {
        var cancelled = new CountDownLatch(1);
        Flow.Publisher<Integer> endless = JdkFlowAdapter.publisherToFlowPublisher(
                Flux.range(0, Integer.MAX_VALUE).doOnCancel(cancelled::countDown));
        assertEquals(executor.blockOn(AsyncStream.from(endless).take(2).toList()), List.of(0, 1));
        cancelled.await();
    }
}
