import static dev.latent.Async.*;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.latent.*;
import dev.latent.Future;
import dev.latent.runtime.Latent;
import java.util.concurrent.TimeoutException;

/** Dropping is cancelling, cleanup included: ./latent run examples/Drop.java */
Future<String> work(String name) {
    return async(() -> {
        IO.println("  " + name + " begins");
        try {
            await(sleep(ofSeconds(60)));
            return name + " is done";
        } finally {
            await(sleep(ofMillis(20))); // cleanup may wait
            IO.println("  " + name + " has cleaned up");
        }
    });
}

Future<Void> app() {
    return async(() -> {
        IO.println("dropped before it began: nothing runs");
        work("never").drop();

        IO.println("too late: its cleanup runs, then the exception comes");
        try {
            await(timeout(ofMillis(50), work("slow")));
        } catch (TimeoutException e) {
            IO.println("  " + e.getClass().getSimpleName());
        }

        IO.println("a select's loser is gone before select returns");
        switch (await(select(work("loser"), sleep(ofMillis(50))))) {
            case First(var result) -> IO.println("  " + result);
            case Second(_) -> IO.println("  the clock won");
        }

        IO.println("a task lives as long as its handle");
        try (var task = spawn(work("task"))) {
            await(sleep(ofMillis(50)));
        } // waits here for the task's cleanup

        IO.println("a pinned future survives the selects that it loses");
        try (var pinned = pin(count(3))) {
            while (true) {
                switch (await(select(pinned, sleep(ofMillis(40))))) {
                    case First(var n) -> {
                        IO.println("  counted to " + n);
                        return;
                    }
                    case Second(_) -> IO.println("  still counting");
                }
            }
        }
    });
}

Future<Integer> count(int to) {
    return async(() -> {
        for (int i = 0; i < to; i++) {
            await(sleep(ofMillis(30)));
        }
        return to;
    });
}

void main() throws Exception {
    Latent.blockOn(app());
}
