package dev.latent.flow;

import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.stream.AsyncStream;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;

/** The Reactive Streams TCK: a stream of what a publisher publishes, as its subscriber. */
public class SubscriberTckTest extends FlowSubscriberBlackboxVerification<Integer> {
    private WorkStealingExecutor executor;

    public SubscriberTckTest() {
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

    /** The subscriber with which a stream that has been asked subscribes. */
    @Override
    public Flow.Subscriber<Integer> createFlowSubscriber() {
        Handed<Integer> publisher = new Handed<>();
        executor.spawn(AsyncStream.from((Flow.Publisher<Integer>) publisher).toList())
                .detach();
        return publisher.subscriber();
    }

    @Override
    public Integer createElement(int element) {
        return element;
    }
}
