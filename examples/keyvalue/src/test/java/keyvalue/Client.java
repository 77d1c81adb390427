package keyvalue;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Releasable;
import dev.latent.io.AsyncBufReader;
import dev.latent.io.Duplex;
import java.nio.ByteBuffer;

/** The other end of a connection. */
final class Client implements Releasable {
    private final Duplex connection;
    private final AsyncBufReader in;

    Client(Duplex connection) {
        this.connection = connection;
        this.in = AsyncBufReader.of(connection);
    }

    Future<Void> says(String bytes) {
        return async(() -> {
            await(connection.write(ByteBuffer.wrap(bytes.getBytes(UTF_8))));
        });
    }

    Future<String> hears() {
        return async(() -> await(in.readLine()) instanceof Item(var line) ? line : "the end");
    }

    Future<String> asks(String command) {
        return async(() -> {
            await(says(command + "\n"));
            return await(hears());
        });
    }

    /** {@code asked} line by line, and what is answered to each. */
    Future<Void> talks(String... asked) {
        return async(() -> {
            for (int i = 0; i < asked.length; i += 2) {
                assertEquals(asked[i + 1], await(asks(asked[i])), asked[i]);
            }
        });
    }

    @Override
    public void close() {
        connection.close();
    }
}
