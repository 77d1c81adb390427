package dev.latent.examples.bench;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.spawn;
import static dev.latent.examples.bench.Works.BATCH;
import static dev.latent.examples.bench.Works.check;

import dev.latent.Future;
import dev.latent.Item;
import dev.latent.JoinHandle;
import dev.latent.channel.Broadcast;
import dev.latent.channel.Channel;
import dev.latent.channel.Heard.Message;
import dev.latent.channel.Oneshot;
import dev.latent.channel.Receiver;
import dev.latent.channel.Sender;
import dev.latent.channel.Subscription;
import java.util.ArrayList;
import java.util.List;

/** Channels between tasks. One operation is one message that was sent and received. */
final class ChannelWorks {
    private static final int CAPACITY = 128;

    private static final int LISTENERS = 100;

    /** Messages of a round of {@code broadcast}: fewer than are kept, so that nobody misses one. */
    private static final int NEWS = 100;

    private ChannelWorks() {}

    /** {@return a message: small numbers, which the JVM keeps boxed} */
    private static Long value(int i) {
        return (long) (i & 63);
    }

    private static long sum(int batch) {
        long sum = 0;
        for (int i = 0; i < batch; i++) {
            sum += value(i);
        }
        return sum;
    }

    /** @param local whether all tasks are on one thread, and the channel is of those that know it */
    static Future<Long> mpsc(long deadline, int senders, boolean local) {
        return async(() -> {
            Channel<Long> channel = local ? Channel.local(CAPACITY) : Channel.bounded(CAPACITY);
            List<JoinHandle<Long>> tasks = new ArrayList<>(senders);
            for (int i = 0; i < senders; i++) {
                tasks.add(spawn(sending(channel.newSender(), deadline)));
            }
            long received = 0;
            long sum = 0;
            try (var inbox = channel.receiver()) {
                while (await(inbox.next()) instanceof Item(var message)) {
                    received++;
                    sum += message;
                }
            }
            long sent = 0;
            for (JoinHandle<Long> task : tasks) {
                sent += await(task);
            }
            check(received == sent);
            check(sum == received / BATCH * sum(BATCH));
            return received;
        });
    }

    private static Future<Long> sending(Sender<Long> sender, long deadline) {
        return async(() -> {
            try (sender) {
                long sent = 0;
                while (System.nanoTime() < deadline) {
                    for (int i = 0; i < BATCH; i++) {
                        await(sender.send(value(i)));
                    }
                    sent += BATCH;
                }
                return sent;
            }
        });
    }

    /** The receiver says when it has a batch, so that the channel does not grow without end. */
    static Future<Long> unbounded(long deadline) {
        return async(() -> {
            Channel<Long> channel = Channel.unbounded();
            Channel<Long> done = Channel.bounded(1);
            JoinHandle<Long> receiver = spawn(receiving(channel.receiver(), done));
            long operations = 0;
            try (var received = done.receiver()) {
                while (System.nanoTime() < deadline) {
                    for (int i = 0; i < BATCH; i++) {
                        await(channel.send(value(i)));
                    }
                    operations += BATCH;
                    check(await(received.receive()) == operations);
                }
            }
            channel.close();
            check(await(receiver) == operations);
            return operations;
        });
    }

    private static Future<Long> receiving(Receiver<Long> inbox, Channel<Long> done) {
        return async(() -> {
            try (inbox) {
                long received = 0;
                long sum = 0;
                while (await(inbox.next()) instanceof Item(var message)) {
                    received++;
                    sum += message;
                    if (received % BATCH == 0) {
                        await(done.send(received));
                    }
                }
                check(sum == received / BATCH * sum(BATCH));
                return received;
            }
        });
    }

    /** One operation is one round trip. */
    static Future<Long> pingPong(long deadline, boolean local) {
        return async(() -> {
            Channel<Oneshot<Long>> requests = local ? Channel.local(1) : Channel.bounded(1);
            JoinHandle<Long> server = spawn(pong(requests.receiver()));
            long operations = 0;
            while (System.nanoTime() < deadline) {
                for (int i = 0; i < BATCH; i++) {
                    Oneshot<Long> reply = local ? Oneshot.local() : Oneshot.create();
                    await(requests.send(reply));
                    operations++;
                    check(await(reply.receive()) == operations);
                }
            }
            requests.close();
            check(await(server) == operations);
            return operations;
        });
    }

    private static Future<Long> pong(Receiver<Oneshot<Long>> inbox) {
        return async(() -> {
            try (inbox) {
                long served = 0;
                while (await(inbox.next()) instanceof Item(var reply)) {
                    served++;
                    check(reply.send(served));
                }
                return served;
            }
        });
    }

    /** One operation is one message at one of the listeners; the next round begins when all have this one. */
    static Future<Long> broadcast(long deadline) {
        return async(() -> {
            Broadcast<Long> news = Broadcast.of(CAPACITY);
            Channel<Long> done = Channel.bounded(CAPACITY);
            List<JoinHandle<Long>> listeners = new ArrayList<>(LISTENERS);
            for (int i = 0; i < LISTENERS; i++) {
                listeners.add(spawn(listening(news.subscribe(), done)));
            }
            long rounds = 0;
            try (var heard = done.receiver()) {
                while (System.nanoTime() < deadline) {
                    for (int i = 0; i < NEWS; i++) {
                        check(news.send(value(i)) == LISTENERS);
                    }
                    for (int i = 0; i < LISTENERS; i++) {
                        await(heard.receive());
                    }
                    rounds++;
                }
            }
            news.close();
            for (JoinHandle<Long> listener : listeners) {
                check(await(listener) == rounds * sum(NEWS));
            }
            return rounds * NEWS * LISTENERS;
        });
    }

    private static Future<Long> listening(Subscription<Long> mine, Channel<Long> done) {
        return async(() -> {
            try (mine) {
                long heard = 0;
                long sum = 0;
                while (await(mine.next()) instanceof Item(Message(var message))) {
                    heard++;
                    sum += message;
                    if (heard % NEWS == 0) {
                        await(done.send(message));
                    }
                }
                return sum;
            }
        });
    }

    /** Fills {@code all} with channels through which nothing was sent, each behind its receiver. */
    static void empty(Object[] all) {
        for (int i = 0; i < all.length; i += 2) {
            Channel<Long> channel = Channel.bounded(CAPACITY);
            all[i] = channel.receiver();
            all[i + 1] = channel;
        }
    }
}
