// Four jobs. Is async right for them, and why? Put a Use and a Because in place of each null.

enum Use {
    ASYNC,
    THREADS,
    SYNC
}

enum Because {
    /** Very many waits at once, each of which would need a stack of its own on threads. */
    MANY_WAITS,
    /** A few waits that can all go at the same time, so that it takes as long as the longest. */
    A_FEW_WAITS_TOGETHER,
    /** One long computation, which can be cut into pieces for all cores. */
    ONE_BIG_COMPUTATION,
    /** A computation that has to be ready at its time, whatever others do on the same thread. */
    COMPUTING_ON_TIME
}

record Answer(Use use, Because because) {}

/** A web server with 10,000 WebSocket connections. */
Answer webSockets = new Answer(Use.ASYNC, Because.MANY_WAITS);

/** A command that compresses one large file. */
Answer compress = new Answer(Use.THREADS, Because.ONE_BIG_COMPUTATION);

/** A service that asks five databases, and merges their answers. */
Answer databases = new Answer(Use.ASYNC, Because.A_FEW_WAITS_TOGETHER);

/** The physics of a game, 60 times a second. */
Answer physics = new Answer(Use.THREADS, Because.COMPUTING_ON_TIME);

// The examiner. No need to read on before you have answered.

void examine(String job, Answer answer, boolean computes, int waits, boolean onTime) {
    assert answer.use() != null && answer.because() != null : job + ": not answered yet";
    String objection = switch (answer.use()) {
        case ASYNC -> computes ? "it computes, and the tasks beside it would stand still" : "";
        case THREADS -> computes ? "" : waits > 1_000
                ? waits + " threads are as many stacks, for connections that mostly wait"
                : "five threads for each request would do, and be cancelled by nobody when the client has gone";
        case SYNC -> onTime ? "what else the thread has to do would make it late"
                : computes ? "one core of many would work" : "it would wait for one after the other";
    };
    assert objection.isEmpty() : job + ", " + answer.use() + ": " + objection;
    boolean so = switch (answer.because()) {
        case MANY_WAITS -> waits > 1_000;
        case A_FEW_WAITS_TOGETHER -> !computes && waits < 100;
        case ONE_BIG_COMPUTATION -> computes && !onTime;
        case COMPUTING_ON_TIME -> computes && onTime;
    };
    assert so : job + ": " + answer.use() + " is right, but not because of " + answer.because();
}

void main() {
    examine("10,000 WebSockets", webSockets, false, 10_000, false);
    examine("one large file", compress, true, 0, false);
    examine("five databases", databases, false, 5, false);
    examine("physics at 60 FPS", physics, true, 0, true);
}
