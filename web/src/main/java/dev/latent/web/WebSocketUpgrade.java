package dev.latent.web;

import dev.latent.web.http.Headers;
import dev.latent.web.http.HttpException;
import dev.latent.web.http.Request;
import dev.latent.web.http.Response;
import dev.latent.web.internal.Authority;
import dev.latent.web.internal.HttpCodec;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A request that asks to become a WebSocket. What is decided of it is decided before, by the request:
 *
 * <pre>{@code
 * .get("/rooms/{room}", request -> async(() -> {
 *     var upgrade = WebSocketUpgrade.of(request).protocols("chat.v2", "chat.v1");
 *     if (!await(users.mayEnter(request.cookie("user")))) {
 *         throw HttpException.of(403, "not yours");
 *     }
 *     String room = request.pathParameter("room");
 *     return upgrade.onUpgrade(socket -> chat.connection(socket, room));
 * }))
 * }</pre>
 *
 * <p>The request itself is not kept; what the handler needs of it, its lambda takes along.
 */
public final class WebSocketUpgrade {
    private final Request request;
    private final String key;
    private final WebSocketLimits limits;
    private final @Nullable Predicate<String> origins;
    private final @Nullable String subprotocol;
    private final @Nullable Compression compression;

    private WebSocketUpgrade(
            Request request,
            String key,
            WebSocketLimits limits,
            @Nullable Predicate<String> origins,
            @Nullable String subprotocol,
            @Nullable Compression compression) {
        this.request = request;
        this.key = key;
        this.limits = limits;
        this.origins = origins;
        this.subprotocol = subprotocol;
        this.compression = compression;
    }

    /**
     * {@return what {@code request} asks for}
     *
     * @throws HttpException 426 when it asks for no WebSocket of version 13, 400 when it does so badly
     */
    public static WebSocketUpgrade of(Request request) {
        Headers headers = request.headers();
        if (!headers.lists("connection", "upgrade")
                || !headers.lists("upgrade", "websocket")
                || !headers.all("sec-websocket-version").equals(List.of("13"))) {
            throw HttpException.of(Response.error(426, "a WebSocket is served here")
                    .header("upgrade", "websocket")
                    .header("connection", "upgrade, close") // the first of a hop's own headers (RFC 9110, 7.8)
                    .header("sec-websocket-version", "13"));
        }
        List<String> keys = headers.all("sec-websocket-key");
        if (!request.method().equals("GET")
                || !request.version().equals("HTTP/1.1")
                || request.body().length() != 0
                || keys.size() != 1
                || !HttpCodec.isKey(keys.getFirst())
                || headers.all("origin").size() > 1) {
            throw HttpException.of(
                    Response.error(400, "a handshake that is none").header("connection", "close"));
        }
        return new WebSocketUpgrade(request, keys.getFirst().strip(), WebSocketLimits.DEFAULT, null, null, null);
    }

    /**
     * {@return this, under the first of {@code known} that the client offers; under none, where it offers none of them}
     *
     * <p>{@link WebSocket#subprotocol} tells which. A browser whose page asked for some ends the connection when it gets none.
     */
    public WebSocketUpgrade protocols(String... known) {
        List<String> offered = Subprotocols.of(request.headers().all("sec-websocket-protocol"));
        for (String name : known) {
            if (offered.contains(name)) {
                return new WebSocketUpgrade(request, key, limits, origins, name, compression);
            }
        }
        return new WebSocketUpgrade(request, key, limits, origins, null, compression);
    }

    /** {@return the subprotocol that was chosen, null for none} */
    public @Nullable String subprotocol() {
        return subprotocol;
    }

    /** {@return this, with what the peer may ask; {@link WebSocketLimits#DEFAULT} unless said} */
    public WebSocketUpgrade limits(WebSocketLimits newLimits) {
        return new WebSocketUpgrade(request, key, newLimits, origins, subprotocol, compression);
    }

    /** {@return this, for pages of the origins for which {@code allowed} holds; only the server's own unless said} What sends no origin is no browser, and may. */
    public WebSocketUpgrade origins(Predicate<String> allowed) {
        return new WebSocketUpgrade(request, key, limits, allowed, subprotocol, compression);
    }

    /** {@return this, with messages compressed where the client offers it; not unless said} */
    public WebSocketUpgrade compression(@Nullable Compression how) {
        return new WebSocketUpgrade(request, key, limits, origins, subprotocol, how);
    }

    /**
     * {@return the answer that opens the WebSocket, which {@code handler} then serves}
     *
     * @throws HttpException 403 when it comes from a page of an origin that is not let in
     */
    public Response onUpgrade(WebSocketHandler handler) {
        String origin = request.header("origin");
        if (origin != null && !allows(origin)) {
            throw HttpException.of(403, "not from that page");
        }
        Headers headers = Headers.NONE
                .plus("upgrade", "websocket")
                .plus("connection", "upgrade")
                .plus("sec-websocket-accept", HttpCodec.accept(key));
        if (subprotocol != null) {
            headers = headers.plus("sec-websocket-protocol", subprotocol);
        }
        Deflate.Agreed agreement =
                compression == null ? null : Deflate.answerTo(request.headers().all("sec-websocket-extensions"));
        Deflate deflate = null;
        if (compression != null && agreement != null) {
            headers = headers.plus("sec-websocket-extensions", agreement.terms());
            deflate = compression.deflate.within(agreement.window());
        }
        Deflate by = deflate;
        WebSocketLimits agreed = limits;
        String under = subprotocol;
        return Response.upgrade(
                headers,
                (stream, early, budget) ->
                        new ServedSocket(stream, new Side(agreed, budget, null, by), early, under, handler));
    }

    private boolean allows(String origin) {
        if (origins != null) {
            return origins.test(origin);
        }
        Authority.Address page = Authority.Address.parse(origin);
        String named = request.host();
        Authority host = named == null ? null : Authority.parse(named.strip());
        return page != null && host != null && page.authority().isSame(host, page.standardPort());
    }
}
