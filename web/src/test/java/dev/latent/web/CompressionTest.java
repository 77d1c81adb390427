package dev.latent.web;

import static dev.latent.Async.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latent.runtime.Latent;
import java.net.URI;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both sides, each willing to compress or not. */
class CompressionTest {
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true"})
    void messagesArriveAsTheyAre(boolean server, boolean client) throws Exception {
        WebServerBuilder builder = WebServer.at("127.0.0.1", 0).webSocket("/ws", Raw::echo);
        if (server) {
            builder.compression(Compression.create(1, 10));
        }
        Random random = new Random(5);
        List<String> reported = Raw.with(Latent.system(), builder, at -> {
            WebSocketClient to = WebSocketClient.to(
                    URI.create("ws://127.0.0.1:" + at.localAddress().getPort() + "/ws"));
            if (client) {
                to.compression(Compression.create());
            }
            try (WebSocket socket = await(to.connect())) {
                PreparedMessage prepared = PreparedMessage.text("again and again ".repeat(100));
                for (int length : new int[] {0, 1, 9, 10, 300, 5_000, 70_000, 1_000_000}) {
                    String text = "ä".repeat(length / 2);
                    await(socket.send(text));
                    assertEquals(new Message.Text(text), await(socket.receive()));
                    byte[] noise = new byte[length];
                    random.nextBytes(noise);
                    await(socket.send(noise));
                    assertArrayEquals(noise, ((Message.Binary) await(socket.receive())).bytes());
                    await(socket.send(prepared));
                    assertEquals(new Message.Text("again and again ".repeat(100)), await(socket.receive()));
                }
            }
        });
        assertEquals(List.of(), reported);
    }
}
