// A select that loses data: a buffered reader reads ahead, and what it has read stays in the
// *reader*, not in the future that asked. So losing a readLine loses nothing, as long as the reader
// is the same one the next time.
//
// Keep the reader.

import static dev.latent.Async.*;
import static java.time.Duration.ofSeconds;

import dev.latent.First;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.io.AsyncBufReader;
import dev.latent.io.Duplex;
import dev.latent.io.Io;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.nio.ByteBuffer;

Future<String> line(Duplex connection) {
    return async(() -> {
        while (true) {
            var in = AsyncBufReader.of(connection);
            if (await(select(in.readLine(), sleep(ofSeconds(1)))) instanceof First(Item(var line))) {
                return line;
            }
            IO.println("nothing yet");
        }
    });
}

Future<Void> slowly(Duplex connection, String text) {
    return async(() -> {
        for (String piece : text.split("(?<= )")) {
            await(connection.write(ByteBuffer.wrap(piece.getBytes())));
            await(sleep(ofSeconds(3)));
        }
    });
}

Future<String> read() {
    return async(() -> {
        var ends = Io.duplex(1024);
        try (var _ = spawn(slowly(ends.first(), "half a line\n")); var here = ends.second()) {
            return await(line(here));
        }
    });
}

void main() throws Exception {
    String line = Latent.blockOn(read(), Latent.system().with(Clock.class, new VirtualClock()));
    assert line.equals("half a line") : "read: \"" + line + "\"";
}
