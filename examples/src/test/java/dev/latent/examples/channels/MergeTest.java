package dev.latent.examples.channels;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.select;
import static dev.latent.Async.yieldNow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.End;
import dev.latent.First;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Second;
import dev.latent.channel.Channel;
import dev.latent.channel.Receiver;
import dev.latent.channel.Sender;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The exercise of the guide's chapter on channels: two receivers merged into one sender, which loses nothing wherever it is dropped. The trick is the order: first a place, then
 * what is put there. Received first, a message would be nobody's while it waits to be sent.
 */
class MergeTest {
    static <T> Future<Void> merge(Receiver<T> left, Receiver<T> right, Sender<T> out) {
        return async(() -> {
            try (out) {
                boolean leftOpen = true;
                boolean rightOpen = true;
                while (leftOpen && rightOpen) {
                    try (var place = await(out.reserve())) {
                        switch (await(select(left.next(), right.next()))) {
                            case First(Item(var message)) -> place.send(message);
                            case First(End()) -> leftOpen = false;
                            case Second(Item(var message)) -> place.send(message);
                            case Second(End()) -> rightOpen = false;
                        }
                    }
                }
                var rest = leftOpen ? left : right;
                while (true) {
                    try (var place = await(out.reserve())) {
                        if (await(rest.next()) instanceof Item(var message)) {
                            place.send(message);
                        } else {
                            return;
                        }
                    }
                }
            }
        });
    }

    private static Future<Void> collect(Receiver<Integer> from, List<Integer> into) {
        return async(() -> {
            while (await(from.next()) instanceof Item(var message)) {
                into.add(message);
                await(yieldNow());
            }
        });
    }

    private static Channel<Integer> filled(int from) {
        Channel<Integer> channel = Channel.unbounded();
        for (int i = 0; i < 4; i++) {
            channel.trySend(from + i);
        }
        channel.close();
        return channel;
    }

    @Test
    void allArrivesAndTheOutputEnds() throws Exception {
        List<Integer> got = new ArrayList<>();
        Latent.blockOn(async(() -> {
            var out = Channel.<Integer>bounded(1);
            var collects = dev.latent.Async.spawn(collect(out.receiver(), got));
            await(merge(filled(0).receiver(), filled(10).receiver(), out.newSender()));
            await(collects);
        }));
        got.sort(null);
        assertEquals(List.of(0, 1, 2, 3, 10, 11, 12, 13), got);
    }

    @Test
    void droppedAnywhereItLosesNothing() throws Exception {
        int dropped = 0;
        for (int polls = 0; ; polls++) {
            try (var executor = new LocalExecutor()) {
                List<Integer> got = new ArrayList<>();
                var left = filled(0).receiver();
                var right = filled(10).receiver();
                var out = Channel.<Integer>bounded(1);
                executor.spawn(collect(out.receiver(), got)).detach();
                var merge = executor.spawn(merge(left, right, out.newSender()));
                for (int i = 0; i < polls; i++) {
                    executor.tick();
                }
                boolean ended = merge.isFinished();
                merge.close();
                executor.runUntilStalled();
                assertTrue(out.isClosed());
                assertEquals(8, got.size() + left.size() + right.size(), "dropped after " + polls);
                if (ended) {
                    break;
                }
                dropped++;
            }
        }
        assertTrue(dropped > 5, "it was dropped at " + dropped + " places");
    }
}
