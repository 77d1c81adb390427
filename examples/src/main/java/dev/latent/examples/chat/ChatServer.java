package dev.latent.examples.chat;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.select;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.web.WebServer;
import dev.latent.web.WebSocketLimits;
import dev.latent.web.WebSocketUpgrade;
import dev.latent.web.http.Request;
import dev.latent.web.http.Response;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The chat and its page, on a port. */
public final class ChatServer {
    /** How long a drain waits for people to answer the goodbye. */
    private static final Duration GOODBYE = Duration.ofSeconds(5);

    /** Of a message. */
    private static final int MAX_BYTES = 16 * 1024;

    /** As many as the system has files for; a connection of the chat is small. */
    private static final int MOST = 1_000_000;

    private ChatServer() {}

    /**
     * {@return a future that runs and serves {@code chat} until {@code stop}, then tells everybody goodbye, and ends when they have gone}
     *
     * @param hosts addresses of this machine
     * @param port the same at each of them; 0 picks a free one
     * @param listening is told the first address
     */
    public static Future<Void> serve(
            Chat chat, List<String> hosts, int port, CompletionStage<?> stop, Consumer<InetSocketAddress> listening) {
        return async(() -> {
            await(select(serveOnly(chat, hosts, port, stop, listening), chat.run()));
        });
    }

    private static Future<Void> serveOnly(
            Chat chat, List<String> hosts, int port, CompletionStage<?> stop, Consumer<InetSocketAddress> listening) {
        return async(() -> {
            await(chat.ready());
            List<WebServer> servers = new ArrayList<>();
            try {
                int chosen = port;
                for (String host : hosts) {
                    WebServer server = await(WebServer.at(host, chosen)
                            .resources("/", name -> ChatServer.class.getResourceAsStream("page/" + name))
                            .get("/chat", request -> Futures.ready(upgrade(chat, request)))
                            .maxConnections(MOST)
                            .bind());
                    servers.add(server);
                    chosen = server.localAddress().getPort();
                }
                listening.accept(servers.getFirst().localAddress());
                await(join(servers.stream().map(server -> serve(server, stop)).toList()));
                await(chat.settled());
            } finally {
                servers.forEach(WebServer::close);
            }
        });
    }

    /** For this node's own page, for that of another, whose people come when it is gone, and for what is no browser. */
    private static Response upgrade(Chat chat, Request request) {
        WebSocketUpgrade upgrade =
                WebSocketUpgrade.of(request).limits(new WebSocketLimits(MAX_BYTES, MAX_BYTES, GOODBYE));
        String origin = request.header("origin");
        boolean isOfTheChat = origin != null && chat.hasPage(origin);
        return (isOfTheChat ? upgrade.origins(_ -> true) : upgrade).onUpgrade(chat::connection);
    }

    private static Future<Void> serve(WebServer server, CompletionStage<?> stop) {
        return async(() -> {
            await(join(server.serve(), drain(server, stop)));
        });
    }

    private static Future<Void> drain(WebServer server, CompletionStage<?> stop) {
        return async(() -> {
            await(Futures.observe(stop));
            await(server.drain(GOODBYE));
        });
    }
}
