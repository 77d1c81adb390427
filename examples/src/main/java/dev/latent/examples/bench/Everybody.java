package dev.latent.examples.bench;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.web.Message;
import dev.latent.web.PreparedMessage;
import dev.latent.web.WebSocket;
import dev.latent.web.WebSocketClosed;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Those to whom each text is sent that one of them says, as one frame that was encoded once. */
final class Everybody {
    private final Set<WebSocket> all = ConcurrentHashMap.newKeySet();

    /** {@return the life of one of them} */
    Future<Void> member(WebSocket socket) {
        return async(() -> {
            all.add(socket);
            try {
                while (true) { // until receive throws WebSocketClosed, the ordinary end
                    if (await(socket.receive()) instanceof Message.Text(var text)) {
                        PreparedMessage message = PreparedMessage.text(text);
                        for (WebSocket each : all) {
                            try {
                                await(each.send(message));
                            } catch (WebSocketClosed e) {
                                // that one has left
                            }
                        }
                    }
                }
            } finally {
                all.remove(socket);
            }
        });
    }
}
