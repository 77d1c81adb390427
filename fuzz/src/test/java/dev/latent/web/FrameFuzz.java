package dev.latent.web;

import dev.latent.fuzz.Cuts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Frames, as a server and as a client read them: however they are cut, the same comes of them, and what comes of them is the same again when it is sent on. */
public final class FrameFuzz {
    private static final WebSocketLimits LIMITS = new WebSocketLimits(300, 500, 5, Duration.ofSeconds(1));

    private FrameFuzz() {}

    /** {@return what to begin with} */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (String hex : new String[] {
            "8185 37fa213d 7f9f4d5158", // hello
            "0183 00000000 c3a961 8a80 00000000 0081 00000000 62 8082 00000000 c3a9",
            "8980 00000000 8a84 01020304 ffffffff 8882 00000000 03e8",
            "82fe0080 00000000" + "00".repeat(128),
            "82ff0000000000010000 00000000",
            "8100 8203010203 8900 880203e8",
            "01026162 0000 0000 8001c3",
        }) {
            seeds.add(Cuts.seed(HexFormat.of().parseHex(hex.replace(" ", ""))));
        }
        return seeds;
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) {
        byte[] bytes = Cuts.rest(input);
        for (boolean masked : new boolean[] {true, false}) {
            List<Incoming> found = new ArrayList<>();
            List<String> whole = read(masked, List.of(bytes), found);
            Cuts.same(whole, read(masked, Cuts.pieces(input, bytes), new ArrayList<>()), "frames, masked " + masked);
            sentOn(found);
        }
    }

    private static List<String> read(boolean masked, List<byte[]> pieces, List<Incoming> found) {
        FrameDecoder decoder = new FrameDecoder(LIMITS, masked);
        List<String> log = new ArrayList<>();
        try {
            for (byte[] piece : pieces) {
                ByteBuffer in = ByteBuffer.wrap(piece);
                while (in.hasRemaining()) {
                    Incoming next = decoder.next(in);
                    if (next != null) {
                        found.add(next);
                        log.add(show(next));
                    }
                    if (next instanceof Incoming.Close) {
                        return log;
                    }
                }
            }
            log.add("then " + (decoder.isIdle() ? "nothing" : "more is to come"));
        } catch (ProtocolViolation e) {
            log.add("refused " + e.code + " " + e.what);
        }
        return log;
    }

    private static String show(Incoming incoming) {
        return incoming.getClass().getSimpleName() + " " + HexFormat.of().formatHex(payload(incoming));
    }

    private static byte[] payload(Incoming incoming) {
        return switch (incoming) {
            case Message.Text(var text) -> text.getBytes(StandardCharsets.UTF_8);
            case Message.Binary(var bytes) -> bytes;
            case Incoming.Ping(var payload) -> payload;
            case Incoming.Pong(var payload) -> payload;
            case Incoming.Close(int code, var reason) ->
                code == WebSocketClosed.NO_CODE ? new byte[0] : Frames.closePayload(code, reason);
        };
    }

    private static void sentOn(List<Incoming> found) {
        for (Incoming each : found) {
            byte[] payload = payload(each);
            if (payload.length > LIMITS.maxFrame() && !(each instanceof Incoming.Close)) {
                continue; // it came in several
            }
            int opcode =
                    switch (each) {
                        case Message.Text _ -> Frames.TEXT;
                        case Message.Binary _ -> Frames.BINARY;
                        case Incoming.Ping _ -> Frames.PING;
                        case Incoming.Pong _ -> Frames.PONG;
                        case Incoming.Close _ -> Frames.CLOSE;
                    };
            List<String> again = new ArrayList<>(List.of(show(each)));
            if (opcode != Frames.CLOSE) {
                again.add("then nothing");
            }
            Cuts.same(again, read(false, List.of(Frames.encode(opcode, payload)), new ArrayList<>()), "sent on");
            Cuts.same(
                    again,
                    read(true, List.of(Frames.encodeMasked(opcode, payload, 0x37fa213d)), new ArrayList<>()),
                    "sent on, masked");
        }
    }
}
