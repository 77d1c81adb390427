package dev.latent.web.http;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.fuzz.Cuts;
import dev.latent.fuzz.Machine;
import dev.latent.web.Compression;
import dev.latent.web.WebSocketUpgrade;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Queries, forms, cookies, ranges, conditions, encodings, pages' origins and a handshake's offers: whatever stands in them, there is an answer, and it is none of 500; and a part of a file is
 * just that part.
 */
public final class FieldsFuzz {
    private static final byte[] FILE = "0123456789".repeat(100).getBytes(StandardCharsets.US_ASCII);
    private static final Compression COMPRESSION = Compression.create();
    private static final Machine MACHINE = new Machine(world -> world);
    private static final String[] NAMES = {
        "cookie",
        "range",
        "if-range",
        "if-none-match",
        "if-match",
        "if-modified-since",
        "if-unmodified-since",
        "accept-encoding",
        "origin",
        "host",
        "sec-websocket-key",
        "sec-websocket-protocol",
        "sec-websocket-extensions",
        "connection",
        "content-type",
        "access-control-request-method",
        "access-control-request-headers"
    };
    private static final Handler FILES = new Routes()
            .get("/{file...}", StaticFiles.resources(name -> new ByteArrayInputStream(FILE)))
            .use(Cors.of("http://shop"));

    private FieldsFuzz() {}

    /** {@return what to begin with} */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        String[] values = {
            "a=b; c=\"d\"",
            "bytes=2-4",
            "Tue, 03 Feb 2026 04:05:06 GMT",
            "W/\"x\", \"y\"",
            "\"3e8-1\"",
            "*",
            "*",
            "br, gzip;q=0.5",
            "http://[::1]:80",
            "h:80",
            "dGhlIHNhbXBsZSBub25jZQ==",
            "a, b",
            "permessage-deflate; client_max_window_bits; server_max_window_bits=10, x;y=\"z\"",
            "close, upgrade",
            "application/json",
            "PUT",
            "x-a, x-b"
        };
        for (int i = 0; i < values.length; i++) {
            byte[] seed = Cuts.seed(values[i] + "\na=b&c=%c3%a9&&=+&d\n" + values[i]);
            seed[0] = (byte) i;
            seeds.add(seed);
        }
        return seeds;
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        if (input.length < Cuts.SEED_BYTES) {
            return;
        }
        String[] lines = new String(Cuts.rest(input), StandardCharsets.ISO_8859_1).split("\n", 3);
        String name = NAMES[(input[0] & 0xff) % NAMES.length];
        String method = input[1] < 0 ? "OPTIONS" : "GET";
        Request.Builder builder = Request.builder(method, "/x.txt?" + (lines.length > 1 ? lines[1] : ""));
        try {
            builder.header(name, lines[0]);
            if (lines.length > 2) {
                builder.header(NAMES[((input[1] & 0xff) + 1) % NAMES.length], lines[2]);
            }
        } catch (IllegalArgumentException e) {
            return; // can't stand in a header
        }
        Request request = builder.build();
        allowed(request::queryParameters);
        request.cookies();
        MACHINE.run(async(() -> {
            try {
                await(Body.of((lines.length > 1 ? lines[1] : "").getBytes(StandardCharsets.ISO_8859_1))
                        .form());
            } catch (HttpException e) {
                is4xx(e.status());
            }
            try (Response response = await(FILES.handle(request))) {
                check(request, response);
            } catch (HttpException e) {
                is4xx(e.status());
            }
        }));
        Request handshake = Request.builder("GET", "/")
                .header("upgrade", "websocket")
                .header("connection", "upgrade")
                .header("sec-websocket-version", "13")
                .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
                .headers(request.headers()
                        .plus("upgrade", "websocket")
                        .plus("connection", "upgrade")
                        .plus("sec-websocket-version", "13"))
                .build();
        allowed(() -> WebSocketUpgrade.of(handshake)
                .protocols("b", "c")
                .compression(COMPRESSION)
                .onUpgrade(socket -> async(() -> {})));
    }

    private static void allowed(Runnable call) {
        try {
            call.run();
        } catch (HttpException e) {
            is4xx(e.status());
        }
    }

    private static void is4xx(int status) {
        if (status < 400 || status > 499) {
            throw new AssertionError("answered " + status);
        }
    }

    private static void check(Request request, Response response) {
        if (response.status() == 206) {
            byte[] bytes = ((Response.Content.Bytes) response.content()).bytes();
            String[] range = response.header("content-range").split("[ /-]");
            int first = Integer.parseInt(range[1]);
            int last = Integer.parseInt(range[2]);
            if (!response.headers().contains("content-encoding")) {
                Cuts.same(
                        new String(FILE, first, last + 1 - first, StandardCharsets.US_ASCII),
                        new String(bytes, StandardCharsets.US_ASCII),
                        "a part");
            }
        } else if (response.status() >= 500) {
            throw new AssertionError(request + " is answered " + response.status());
        }
    }
}
