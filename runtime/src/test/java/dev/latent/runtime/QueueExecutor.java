package dev.latent.runtime;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.task.LiveSet;
import dev.latent.task.SpawnedTask;
import dev.latent.task.Task;
import dev.latent.task.TaskHome;
import dev.latent.world.World;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The executor of the guide, made with the task kit; it counts its tasks, too. */
final class QueueExecutor implements TaskHome {
    private final LinkedBlockingQueue<SpawnedTask<?>> queue = new LinkedBlockingQueue<>();
    private final LiveSet waiting = new LiveSet(1);
    private final Context cx = new Context(this);
    private final World world;
    private volatile boolean closing;
    final AtomicInteger live = new AtomicInteger();

    QueueExecutor(World world) {
        this.world = world;
    }

    @Override
    public <T> JoinHandle<T> spawn(Future<? extends T> future) {
        SpawnedTask<T> task = new SpawnedTask<>(this, future);
        if (closing && !Owners.isCleanup(future)) {
            task.refuse(Task.CLOSED);
        } else {
            live.getAndIncrement();
            queue.add(task);
        }
        return task;
    }

    @Override
    public World world() {
        return world;
    }

    @Override
    public boolean isClosing() {
        return closing;
    }

    @Override
    public void schedule(SpawnedTask<?> task, boolean yielded) {
        queue.add(task);
    }

    @Override
    public void waits(SpawnedTask<?> task) {
        waiting.add(task, 0);
    }

    @Override
    public void ended(SpawnedTask<?> task) {
        waiting.remove(task);
        live.getAndDecrement();
    }

    void runUntilStalled() {
        for (SpawnedTask<?> task = queue.poll(); task != null; task = queue.poll()) {
            task.run(cx);
        }
    }

    void close() throws InterruptedException {
        closing = true;
        waiting.snapshot().forEach(SpawnedTask::cancelByExecutor);
        SpawnedTask<?> task;
        while ((task = queue.poll(waiting.isEmpty() ? 0 : 1, TimeUnit.SECONDS)) != null) {
            task.run(cx);
        }
        waiting.snapshot().forEach(SpawnedTask::endNow);
    }
}
