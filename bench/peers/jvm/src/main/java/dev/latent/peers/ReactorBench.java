package dev.latent.peers;

import static dev.latent.peers.Run.BATCH;
import static dev.latent.peers.Run.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The workloads of tasks on Reactor, with what it has for each: a queue between two of its workers for a channel, a change of worker for a yield.
 * Left out are the mutexes, for which it has nothing.
 */
public final class ReactorBench {
    private static final int CAPACITY = 128;
    private static final int LISTENERS = 100;

    /** Messages of a round of {@code broadcast}: fewer than are kept. */
    private static final int NEWS = 100;

    private static final int JOINED = 10_000;
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** Each use of it is one of its threads, in turn. */
    private final Scheduler scheduler;

    private ReactorBench(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    public static void main(String[] args) throws Exception {
        Run run = Run.of("Reactor 3.8.8", args);
        ReactorBench bench = new ReactorBench(Schedulers.newParallel("bench", run.workers(), true));
        TreeMap<String, Run.Work> works = new TreeMap<>();
        works.put("mpsc", deadline -> bench.mpsc(deadline, 1));
        works.put("mpsc-8", deadline -> bench.mpsc(deadline, 8));
        works.put("unbounded", bench::unbounded);
        works.put("ping-pong", bench::pingPong);
        works.put("broadcast", bench::broadcast);
        works.put("join", bench::join);
        works.put("timeout", bench::limit);
        run.measure(works);
    }

    private static long value(Mono<Long> mono) {
        Long value = mono.block();
        check(value != null);
        return value;
    }

    /** What was received, and its sum. */
    private static final class Received {
        long count;
        long sum;

        Received add(Long message) {
            count++;
            sum += message;
            return this;
        }
    }

    private long mpsc(long deadline, int senders) {
        List<Flux<Long>> all = IntStream.range(0, senders)
                .mapToObj(i -> messages(deadline).subscribeOn(scheduler))
                .toList();
        Flux<Long> sent = senders == 1
                ? all.getFirst()
                : Flux.fromIterable(all).flatMap(one -> one, senders, CAPACITY / senders);
        return value(sent.publishOn(scheduler, CAPACITY)
                .reduceWith(Received::new, Received::add)
                .map(received -> {
                    check(received.sum == received.count / BATCH * Run.sum(BATCH));
                    return received.count;
                }));
    }

    private static Flux<Long> messages(long deadline) {
        return Flux.generate(() -> 0, (sent, sink) -> {
            if (sent == 0 && System.nanoTime() >= deadline) {
                sink.complete();
                return sent;
            }
            sink.next(Run.value(sent));
            return sent + 1 == BATCH ? 0 : sent + 1;
        });
    }

    /** The receiver says when it has a batch, so that the queue does not grow without end. */
    private long unbounded(long deadline) {
        Sinks.Many<Long> channel = Sinks.many().unicast().onBackpressureBuffer();
        Received received = new Received();
        Sinks.One<Long> end = Sinks.one();
        Scheduler.Worker sender = scheduler.createWorker();
        Runnable batch = () -> {
            if (System.nanoTime() >= deadline) {
                channel.emitComplete(Sinks.EmitFailureHandler.FAIL_FAST);
                return;
            }
            for (int i = 0; i < BATCH; i++) {
                channel.emitNext(Run.value(i), Sinks.EmitFailureHandler.FAIL_FAST);
            }
        };
        channel.asFlux()
                .publishOn(scheduler)
                .subscribe(
                        message -> {
                            if (received.add(message).count % BATCH == 0) {
                                sender.schedule(batch);
                            }
                        },
                        failure -> end.emitError(failure, Sinks.EmitFailureHandler.FAIL_FAST),
                        () -> end.emitValue(received.count, Sinks.EmitFailureHandler.FAIL_FAST));
        sender.schedule(batch);
        long operations = value(end.asMono());
        sender.dispose();
        check(received.sum == operations / BATCH * Run.sum(BATCH));
        return operations;
    }

    /** One operation is one round trip. */
    private long pingPong(long deadline) {
        Sinks.Many<Sinks.One<Long>> requests = Sinks.many().unicast().onBackpressureBuffer();
        long[] served = {0};
        long[] operations = {0};
        requests.asFlux()
                .publishOn(scheduler)
                .subscribe(reply -> reply.emitValue(++served[0], Sinks.EmitFailureHandler.FAIL_FAST));
        Scheduler.Worker mine = scheduler.createWorker();
        Scheduler client = Schedulers.fromExecutor(mine::schedule);
        Mono<Long> one = Mono.defer(() -> {
            Sinks.One<Long> reply = Sinks.one();
            requests.emitNext(reply, Sinks.EmitFailureHandler.FAIL_FAST);
            return reply.asMono().publishOn(client).doOnNext(answer -> check(answer == ++operations[0]));
        });
        one.repeat(() -> operations[0] % BATCH != 0 || System.nanoTime() < deadline)
                .subscribeOn(client)
                .blockLast();
        mine.dispose();
        check(served[0] == operations[0]);
        return operations[0];
    }

    /** One operation is one message at one of the listeners; the next round begins when all have this one. */
    private long broadcast(long deadline) {
        Sinks.Many<Long> news = Sinks.many().multicast().onBackpressureBuffer(CAPACITY, false);
        AtomicInteger heard = new AtomicInteger();
        Scheduler.Worker sender = scheduler.createWorker();
        long[] rounds = {0};
        Runnable round = () -> {
            if (System.nanoTime() >= deadline) {
                news.emitComplete(Sinks.EmitFailureHandler.FAIL_FAST);
                return;
            }
            rounds[0]++;
            for (int i = 0; i < NEWS; i++) {
                news.emitNext(Run.value(i), Sinks.EmitFailureHandler.FAIL_FAST);
            }
        };
        List<Mono<Received>> listeners = IntStream.range(0, LISTENERS)
                .mapToObj(i -> {
                    Received received = new Received();
                    return news.asFlux()
                            .publishOn(scheduler, CAPACITY)
                            .doOnNext(message -> {
                                if (received.add(message).count % NEWS == 0 && heard.incrementAndGet() == LISTENERS) {
                                    heard.set(0);
                                    sender.schedule(round);
                                }
                            })
                            .then(Mono.fromSupplier(() -> received));
                })
                .toList();
        CompletableFuture<Long> all = Flux.merge(Flux.fromIterable(listeners), LISTENERS)
                .doOnNext(received -> check(received.sum == rounds[0] * Run.sum(NEWS)))
                .count()
                .toFuture();
        sender.schedule(round);
        check(all.join() == LISTENERS);
        sender.dispose();
        return rounds[0] * NEWS * LISTENERS;
    }

    /** One operation is one of the joined. */
    private long join(long deadline) {
        long operations = 0;
        while (System.nanoTime() < deadline) {
            List<Mono<Integer>> all = new ArrayList<>(JOINED);
            for (int i = 0; i < JOINED; i++) {
                all.add(Mono.just(i).publishOn(scheduler));
            }
            Mono.when(all).block();
            operations += JOINED;
        }
        return operations;
    }

    private long limit(long deadline) {
        long[] operations = {0};
        Mono.just(1)
                .publishOn(scheduler)
                .timeout(LIMIT)
                .doOnNext(_ -> operations[0]++)
                .repeat(() -> operations[0] % BATCH != 0 || System.nanoTime() < deadline)
                .blockLast();
        return operations[0];
    }
}
