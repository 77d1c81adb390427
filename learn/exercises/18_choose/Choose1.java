// When is async the right tool? Ask what the work does.
//   Waiting, on many things at once (a hundred and more), or on a few that can all go at the same time: ASYNC.
//   Waiting, on one thing after the other: SYNC, plain code, which is simpler.
//   Computing: THREADS. Async lets waiting overlap; it makes no computation faster.
//
// Write that down.

enum Use {
    ASYNC,
    THREADS,
    SYNC
}

/** What some work does: whether it computes most of the time, and how many waits there are at once. */
record Work(boolean computes, int waitsAtOnce) {}

Use use(Work work) {
    return Use.ASYNC; // always?
}

void main() {
    Work proxy = new Work(false, 20_000);
    Work script = new Work(false, 1);
    Work thumbnails = new Work(true, 0);
    Work dashboard = new Work(false, 6);
    Work training = new Work(true, 2);
    assert use(proxy) == Use.ASYNC : "20,000 connections at once, and " + use(proxy);
    assert use(script) == Use.SYNC : "a script that asks one server and ends needs no " + use(script);
    assert use(thumbnails) == Use.THREADS : "thumbnails are computed, no faster by " + use(thumbnails);
    assert use(dashboard) == Use.ASYNC : "six services asked one after the other, by " + use(dashboard);
    assert use(training) == Use.THREADS : "a model in training computes, no faster by " + use(training);
}
