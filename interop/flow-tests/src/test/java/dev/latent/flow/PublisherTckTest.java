package dev.latent.flow;

import static dev.latent.Async.await;
import static dev.latent.Async.yieldNow;

import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.stream.AsyncStream;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;

/** The Reactive Streams TCK: a stream as a publisher. */
public class PublisherTckTest extends FlowPublisherVerification<Long> {
    private WorkStealingExecutor executor;

    public PublisherTckTest() {
        super(new TestEnvironment(500, 50));
    }

    @BeforeClass
    public void open() {
        executor = WorkStealingExecutor.create(2);
    }

    @AfterClass
    public void close() {
        executor.close();
    }

    @Override
    public Flow.Publisher<Long> createFlowPublisher(long elements) {
        AsyncStream<Long> stream = AsyncStream.generate(out -> {
            for (long i = 0; i < elements; i++) {
                if (i % 3 == 0) {
                    await(yieldNow());
                }
                await(out.emit(i));
            }
        });
        return stream.toPublisher(executor);
    }

    @Override
    public Flow.Publisher<Long> createFailedFlowPublisher() {
        AsyncStream<Long> taken = AsyncStream.of(1L);
        Flow.Publisher<Long> publisher = taken.toPublisher(executor);
        publisher.subscribe(new Ignoring<>());
        return publisher;
    }
}
