// To stop well: take up nothing new, and finish what is in hand. `stop.untilAsked(future)` is ready
// with a First of the future's value, or, once somebody has asked for the end, with a Second, and
// has dropped the future. What it is put around decides what may be broken off: the wait for a job,
// not the job.
//
// Finish the job in hand.

import static dev.latent.Async.*;
import static java.time.Duration.ofSeconds;

import dev.latent.First;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.channel.Channel;
import dev.latent.channel.Receiver;
import dev.latent.io.Shutdown;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.util.ArrayList;
import java.util.List;

List<String> log = new ArrayList<>();

Future<Void> work(String job) {
    return async(() -> {
        log.add(job + " begins");
        await(sleep(ofSeconds(3)));
        log.add(job + " is done");
    });
}

Future<Void> worker(Shutdown stop, Receiver<String> jobs) {
    return async(() -> {
        while (await(jobs.next()) instanceof Item(var job)
                && await(stop.untilAsked(work(job))) instanceof First) {}
    });
}

void main() throws Exception {
    var jobs = Channel.<String>bounded(10);
    var inbox = jobs.receiver();
    for (String job : List.of("a", "b", "c")) {
        jobs.trySend(job);
    }
    Latent.blockOn(
            Shutdown.on().within(ofSeconds(10)).run(stop -> {
                stop.spawn("the worker", worker(stop, inbox));
                await(sleep(ofSeconds(4)));
                stop.ask("the day is over");
            }),
            Latent.system().with(Clock.class, new VirtualClock()));
    assert log.equals(List.of("a begins", "a is done", "b begins", "b is done")) : "it went: " + log;
    assert inbox.size() == 1 : inbox.size();
}
