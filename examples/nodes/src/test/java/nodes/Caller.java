package nodes;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Somebody at a node who talks by the JDK's own client, and remembers all messages. */
final class Caller implements WebSocket.Listener, AutoCloseable {
    private static final long PATIENCE_MILLIS = 20_000;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> heard = new ArrayList<>();
    private final StringBuilder part = new StringBuilder();
    private boolean isClosed;
    private final WebSocket socket;

    /** Somebody at {@code port}. */
    Caller(int port) {
        this.socket = http.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/chat"), this)
                .join();
    }

    void tell(String json) {
        socket.sendText(json, true).join();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        synchronized (heard) {
            part.append(data);
            if (last) {
                heard.add(part.toString());
                part.setLength(0);
                heard.notifyAll();
            }
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        ended();
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        ended();
    }

    private void ended() {
        synchronized (heard) {
            isClosed = true;
            heard.notifyAll();
        }
    }

    /** {@return all that was heard} */
    List<String> heard() {
        synchronized (heard) {
            return List.copyOf(heard);
        }
    }

    /** {@return the first message that is so, once it is there} */
    String await(Predicate<String> is) throws InterruptedException {
        long end = System.currentTimeMillis() + PATIENCE_MILLIS;
        synchronized (heard) {
            while (true) {
                for (String message : heard) {
                    if (is.test(message)) {
                        return message;
                    }
                }
                long left = end - System.currentTimeMillis();
                if (left <= 0 || isClosed) {
                    throw new AssertionError((isClosed ? "closed: " : "not heard: ") + heard);
                }
                heard.wait(left);
            }
        }
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }
}
