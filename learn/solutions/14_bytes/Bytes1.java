// A protocol is written against a Duplex, and tried without a network: Io.duplex(n) is two ends of
// a connection in memory. A buffered writer keeps small pieces together until it is told to let
// them go.
//
// The client waits for an answer that stands in the buffer. Flush it.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.Item;
import dev.latent.io.AsyncBufReader;
import dev.latent.io.AsyncBufWriter;
import dev.latent.io.Duplex;
import dev.latent.io.Io;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.nio.ByteBuffer;

Future<Void> shout(Duplex connection) {
    return async(() -> {
        try (connection) {
            var in = AsyncBufReader.of(connection);
            var out = AsyncBufWriter.of(connection);
            while (await(in.readLine()) instanceof Item(var line)) {
                await(out.write(line.toUpperCase() + "!\n"));
                await(out.flush());
            }
        }
    });
}

Future<String> ask(String word) {
    return async(() -> {
        var ends = Io.duplex(1024);
        try (var _ = spawn(shout(ends.second())); var client = ends.first()) {
            await(client.write(ByteBuffer.wrap((word + "\n").getBytes())));
            return await(AsyncBufReader.of(client).readLine()) instanceof Item(var answer) ? answer : "nothing";
        }
    });
}

void main() throws Exception {
    String answer = Latent.blockOn(ask("tea"), Latent.system().with(Clock.class, new VirtualClock()));
    assert answer.equals("TEA!") : answer;
}
