package dev.latent.examples.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.Deflater;

/**
 * Does one {@link Attack} to an {@link AttackedServer}, until it is told to stop or killed: by plain blocking sockets, a virtual thread for each, so that nothing of Latent's holds it back.
 * It says {@code attacking} when all its connections are there, and what it has seen at the end.
 */
public final class Attacker {
    private static final int PING = 0x89;
    private static final int PONG = 0x8a;
    private static final int TEXT = 0x81;
    private static final int BINARY = 0x82;
    private static final int MANY = 64 * 1024;

    /** More peers than these take their time, and little memory. */
    private static final int FEW = 100;

    private static final String[] DOUBTFUL = {
        "POST /upload HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: h\r\nTransfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: h\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "POST /upload HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nContent-Length: 30\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: h\r\nContent-Length: 0, 30\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: h\r\nContent-Length: +0\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: h\r\nContent-Length: 0x0\r\n\r\n",
        "GET /hello HTTP/1.1\nHost: h\n\n",
        "GET /hello HTTP/1.1\r\nHost: h\r\nX: a\nContent-Length: 30\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n",
        "GET /hello HTTP/1.1\r\n Host: h\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n",
        "GET  /hello HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0;a\nb\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n0\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\nx\r\n0\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n100000000\r\nx\r\n0\r\n\r\n",
    };

    private static final String[] TRICKS = {
        "/files/../../etc/passwd",
        "/files/%2e%2e/%2e%2e/etc/passwd",
        "/files/..%2f..%2fetc/passwd",
        "/files/..%5c..%5cetc/passwd",
        "/files/%c0%ae%c0%ae/etc/passwd",
        "/files/%e0%80%ae%e0%80%ae/etc/passwd",
        "/files/a.txt%00.html",
        "/files/.git/config",
        "/files/%2egit/config",
        "/files//etc/passwd",
        "/files/%2fetc/passwd",
        "/files/%zz",
        "/files/%",
        "/files/" + "a/".repeat(2000),
    };

    private final Attack attack;
    private final InetSocketAddress server;
    private final CountDownLatch there;
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong broken = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();
    private volatile boolean over;

    private Attacker(Attack attack, int port) {
        this.attack = attack;
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.there = new CountDownLatch(attack.peers());
    }

    /**
     * Attacks.
     *
     * @param args {@code --port N --attack NAME}
     */
    public static void main(String[] args) throws Exception {
        if (args.length != 4 || !args[0].equals("--port") || !args[2].equals("--attack")) {
            System.err.println("usage: Attacker --port N --attack NAME");
            System.exit(2);
        }
        new Attacker(Attack.valueOf(args[3]), Integer.parseInt(args[1])).run();
    }

    private void run() throws IOException, InterruptedException {
        for (int i = 0; i < attack.peers(); i++) {
            Thread.ofVirtual().start(this::again);
            if (attack.peers() > 1_000 && i % 64 == 63) {
                Thread.sleep(5); // a backlog is short
            }
        }
        there.await(20, TimeUnit.SECONDS);
        System.out.println("attacking");
        new BufferedReader(new InputStreamReader(System.in, US_ASCII)).readLine();
        over = true;
        System.out.println("{\"opened\":" + opened + ",\"broken\":" + broken + ",\"wrong\":" + wrong + "}");
        System.exit(0);
    }

    private void again() {
        boolean first = true;
        while (!over) {
            try (Socket socket = new Socket()) {
                if (attack == Attack.VANISHED) {
                    socket.setSoLinger(true, 0);
                }
                socket.connect(server, 10_000);
                opened.incrementAndGet();
                if (first && !isWebSocket()) {
                    there.countDown();
                }
                attack(socket, first);
                first = false;
            } catch (IOException e) {
                broken.incrementAndGet();
            }
            try {
                Thread.sleep(attack.peers() > FEW ? 200 : 1);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private boolean isWebSocket() {
        return switch (attack) {
            case SLOW_FRAMES, PINGS, PONGS, TEXTS, DEAF_TEXTS, TINY, CONTINUATIONS, BOMBS, VANISHED, DEAF_SUBSCRIBERS ->
                true;
            default -> false;
        };
    }

    private void attack(Socket socket, boolean first) throws IOException {
        OutputStream out = socket.getOutputStream();
        InputStream in = socket.getInputStream();
        if (isWebSocket()) {
            upgrade(in, out, attack == Attack.DEAF_SUBSCRIBERS ? "/news" : "/echo");
            if (first) {
                there.countDown();
            }
        }
        switch (attack) {
            case SLOW_HEADS -> {
                out.write("GET /hello HTTP/1.1\r\nHost: h\r\nX: ".getBytes(US_ASCII));
                slowly(out);
            }
            case SLOW_BODIES -> {
                out.write("POST /upload HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n".getBytes(US_ASCII));
                slowly(out);
            }
            case SLOW_FRAMES -> {
                out.write(frame(BINARY, new byte[MANY]), 0, 14);
                slowly(out);
            }
            case SLOW_READERS -> {
                out.write(get("/big"));
                untilClosed(in, false);
            }
            case IDLE -> {
                out.write(get("/hello"));
                untilClosed(in, true);
            }
            case SILENT -> untilClosed(in, true);
            case PINGS -> flood(in, out, frame(PING, new byte[100]), true);
            case PONGS -> flood(in, out, frame(PONG, new byte[100]), true);
            case TEXTS -> flood(in, out, frame(TEXT, "x".repeat(100).getBytes(US_ASCII)), true);
            case DEAF_TEXTS -> flood(in, out, frame(TEXT, "x".repeat(100).getBytes(US_ASCII)), false);
            case TINY -> flood(in, out, frame(BINARY, new byte[1]), true);
            case CONTINUATIONS -> {
                out.write(frame(0x01, new byte[0]));
                flood(in, out, frame(0x00, new byte[0]), true);
            }
            case CLOSES -> {
                upgrade(in, out, "/echo");
                out.write(frame(0x88, new byte[] {3, (byte) 0xe8}));
                untilClosed(in, true);
            }
            case BOMBS -> {
                out.write(Bomb.FRAME);
                untilClosed(in, true);
            }
            case GIANT_HEADS -> {
                out.write(("GET /hello HTTP/1.1\r\nHost: h\r\nX: " + "x".repeat(1 << 20)).getBytes(US_ASCII));
                untilClosed(in, true);
            }
            case MANY_HEADERS -> {
                out.write(
                        ("GET /hello HTTP/1.1\r\nHost: h\r\n" + "a:\r\n".repeat(100_000) + "\r\n").getBytes(US_ASCII));
                untilClosed(in, true);
            }
            case PIPELINED -> flood(in, out, get("/hello"), false);
            case TINY_CHUNKS -> {
                out.write("POST /upload HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(US_ASCII));
                flood(in, out, "1\r\nx\r\n".getBytes(US_ASCII), true);
            }
            case SMUGGLED ->
                refused(in, out, DOUBTFUL[ThreadLocalRandom.current().nextInt(DOUBTFUL.length)]);
            case PATHS -> {
                String trick = TRICKS[ThreadLocalRandom.current().nextInt(TRICKS.length)];
                refused(in, out, "GET " + trick + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            }
            case NO_MEMORY -> {
                out.write(get("/hungry"));
                if (!head(in).startsWith("HTTP/1.1 500 ")) {
                    wrong.incrementAndGet();
                }
            }
            case VANISHED, DESCRIPTORS, DEAF_SUBSCRIBERS -> {
                while (!over) {
                    pause(1000);
                }
            }
        }
    }

    private static void pause(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    // ---- what peers do ----------------------------------------------------------------------------------------------

    /** Goes on with the same byte, for as long as it may. */
    private void slowly(OutputStream out) throws IOException {
        while (!over) {
            out.write('x');
            pause(500);
        }
    }

    private void untilClosed(InputStream in, boolean reads) throws IOException {
        byte[] piece = new byte[attack.peers() > FEW ? 256 : MANY];
        while (!over && (!reads || in.read(piece) >= 0)) {
            if (!reads) {
                pause(500);
            }
        }
    }

    /** Sends the same again and again, as fast as it goes; what comes is read beside, or never. */
    private void flood(InputStream in, OutputStream out, byte[] one, boolean reads) throws IOException {
        if (reads) {
            Thread.ofVirtual().start(() -> {
                try {
                    untilClosed(in, true);
                } catch (IOException e) {
                    // the writer notices too
                }
            });
        }
        byte[] many = new byte[(attack.peers() > FEW ? 4096 : MANY) / one.length * one.length];
        for (int i = 0; i < many.length; i++) {
            many[i] = one[i % one.length];
        }
        while (!over) {
            out.write(many);
        }
    }

    /** Sends what is to be refused, and one request more, which is to be answered by nobody. */
    private void refused(InputStream in, OutputStream out, String request) throws IOException {
        out.write((request + "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n").getBytes(ISO_8859_1));
        String all = new String(in.readAllBytes(), ISO_8859_1);
        if (!all.startsWith("HTTP/1.1 4") || all.split("HTTP/1.1 ", -1).length != 2) {
            wrong.incrementAndGet();
            System.out.println("wrong: " + request + " -> " + all);
        }
    }

    private static byte[] get(String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n").getBytes(US_ASCII);
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("no answer");
            }
            head.append((char) b);
        }
        return head.toString();
    }

    private static void upgrade(InputStream in, OutputStream out, String path) throws IOException {
        out.write(("GET " + path + " HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n")
                .getBytes(US_ASCII));
        String head = head(in);
        if (!head.startsWith("HTTP/1.1 101 ")) {
            throw new IOException(head);
        }
    }

    /** {@return a client's frame, its mask all zeros} */
    private static byte[] frame(int first, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
        frame.put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < MANY) {
            frame.put((byte) 0xfe).putShort((short) payload.length);
        } else {
            frame.put((byte) 0xff).putLong(payload.length);
        }
        frame.putInt(0).put(payload);
        return Arrays.copyOf(frame.array(), frame.position());
    }

    /** Made once, which takes its time. */
    private static final class Bomb {
        static final byte[] FRAME = frame(0xc2, bomb());
    }

    /** {@return 60 kB that would become 60 MB} */
    private static byte[] bomb() {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(new byte[60 << 20]);
        byte[] piece = new byte[MANY];
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int n = deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH);
        all.write(piece, 0, n);
        deflater.end();
        return all.toByteArray();
    }
}
