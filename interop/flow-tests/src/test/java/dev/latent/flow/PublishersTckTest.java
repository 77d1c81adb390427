package dev.latent.flow;

import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.stream.AsyncStream;
import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;

/** The Reactive Streams TCK: a publisher with a stream for each subscriber. */
public class PublishersTckTest extends FlowPublisherVerification<Long> {
    private WorkStealingExecutor executor;

    public PublishersTckTest() {
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
        return AsyncStream.publisher(
                executor,
                () -> AsyncStream.from(() -> LongStream.range(0, elements).iterator()));
    }

    @Override
    public Flow.Publisher<Long> createFailedFlowPublisher() {
        return AsyncStream.publisher(executor, () -> {
            throw new IllegalStateException("no stream");
        });
    }
}
