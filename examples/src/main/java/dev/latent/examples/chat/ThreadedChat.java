package dev.latent.examples.chat;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;

/**
 * The chat of one node as it is written with threads, for a comparison: a thread for each connection, which blocks in its read, and writes what its user says to all others of the room. Join, say and
 * leave, and nothing else of {@link Protocol}; no patience, so who reads slowly holds the room up.
 */
public final class ThreadedChat implements AutoCloseable {
    private static final String ACCEPT_KEY = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int MAX_BYTES = 16 * 1024;
    private static final int BUFFER = 1024;
    private static final int BACKLOG = 1024;
    private static final int NANOS_PER_MICRO = 1000;

    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final List<ServerSocket> listeners = new ArrayList<>();
    private final ThreadFactory threads;
    private final Map<Name, Talk> rooms = new ConcurrentHashMap<>();

    /** A chat whose connections each have one of {@code threads}. */
    public ThreadedChat(ThreadFactory threads) {
        this.threads = threads;
    }

    /**
     * {@return the port at which it listens from now on}
     *
     * @param port 0 picks a free one
     */
    public int listen(String host, int port) throws IOException {
        ServerSocket listener = new ServerSocket();
        listeners.add(listener);
        listener.bind(new InetSocketAddress(InetAddress.getByName(host), port), BACKLOG);
        Thread.ofPlatform().daemon().start(() -> accept(listener));
        return listener.getLocalPort();
    }

    private void accept(ServerSocket listener) {
        while (true) {
            Socket socket;
            try {
                socket = listener.accept();
            } catch (IOException e) {
                return; // it is closed
            }
            try {
                threads.newThread(() -> serve(socket)).start();
            } catch (OutOfMemoryError e) { // as the JDK tells that the system has no more threads
                close(socket);
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is of no use any more
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            Connection connection = new Connection(socket);
            connection.shakeHands();
            talk(connection);
        } catch (IOException e) {
            // they are gone
        }
    }

    private void talk(Connection connection) throws IOException {
        Talk room = null;
        Name nick = null;
        try {
            while (true) {
                switch (Protocol.read(connection.receive())) {
                    case Wish.Join join -> {
                        room = rooms.computeIfAbsent(join.room(), _ -> new Talk());
                        nick = join.nick();
                        room.enter(join.room(), nick, connection);
                    }
                    case Wish.Say say -> {
                        if (room != null && nick != null) {
                            room.say(nick, say.text());
                        }
                    }
                    case Wish.Leave _ -> {
                        connection.sendClose();
                        return;
                    }
                    default -> {}
                }
            }
        } finally {
            if (room != null && nick != null) {
                room.leave(nick);
            }
        }
    }

    /** A room. */
    private static final class Talk {
        private final Map<Name, Connection> members = new LinkedHashMap<>();
        private long number;

        /** Under the lock, so that the welcome comes first. */
        synchronized void enter(Name room, Name nick, Connection connection) throws IOException {
            connection.send("{\"welcome\":\"" + room + "\"}");
            members.put(nick, connection);
        }

        synchronized void leave(Name nick) {
            members.remove(nick);
        }

        /** Under the lock, or two lines would come in two orders. */
        synchronized void say(Name nick, String text) throws IOException {
            long at = System.currentTimeMillis() * NANOS_PER_MICRO;
            String line = Protocol.saidText(new Said(++number, "", at, nick.shown(), text, null, 0));
            byte[] frame = Connection.frame(TEXT, line.getBytes(StandardCharsets.UTF_8));
            for (Connection member : members.values()) {
                member.write(frame);
            }
        }
    }

    /** A WebSocket (RFC 6455), as far as this needs it. */
    private static final class Connection {
        private final DataInputStream in;
        private final OutputStream out;

        Connection(Socket socket) throws IOException {
            this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER));
            this.out = socket.getOutputStream();
        }

        void shakeHands() throws IOException {
            String key = "";
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                if (line.regionMatches(true, 0, "Sec-WebSocket-Key:", 0, 18)) {
                    key = line.substring(18).strip();
                }
            }
            write(
                    ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                                    + accept(key) + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
        }

        private static String accept(String key) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-1")
                        .digest((key + ACCEPT_KEY).getBytes(StandardCharsets.US_ASCII));
                return Base64.getEncoder().encodeToString(digest);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        private static String line(InputStream in) throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0 || line.length() > MAX_BYTES) {
                    throw new EOFException();
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }

        /** {@return the next text} */
        String receive() throws IOException {
            while (true) {
                int opcode = in.readUnsignedByte() & 15;
                int length = in.readUnsignedByte() & 127;
                int size = length == 126 ? in.readUnsignedShort() : length == 127 ? -1 : length;
                if (size < 0 || size > MAX_BYTES) {
                    throw new IOException("too long");
                }
                byte[] mask = in.readNBytes(4);
                byte[] payload = in.readNBytes(size);
                for (int i = 0; i < payload.length; i++) {
                    payload[i] ^= mask[i & 3];
                }
                switch (opcode) {
                    case TEXT -> {
                        return new String(payload, StandardCharsets.UTF_8);
                    }
                    case PING -> write(frame(PONG, payload));
                    case CLOSE -> {
                        sendClose();
                        throw new EOFException();
                    }
                    default -> {}
                }
            }
        }

        void send(String text) throws IOException {
            write(frame(TEXT, text.getBytes(StandardCharsets.UTF_8)));
        }

        void sendClose() throws IOException {
            write(frame(CLOSE, new byte[] {1000 >> 8, (byte) 1000}));
        }

        static byte[] frame(int opcode, byte[] payload) {
            ByteBuffer frame = ByteBuffer.allocate(payload.length + 4);
            frame.put((byte) (128 | opcode));
            if (payload.length < 126) {
                frame.put((byte) payload.length);
            } else {
                frame.put((byte) 126).putShort((short) payload.length);
            }
            frame.put(payload);
            byte[] bytes = new byte[frame.position()];
            frame.flip().get(bytes);
            return bytes;
        }

        synchronized void write(byte[] bytes) throws IOException {
            out.write(bytes);
        }
    }

    /** Listens no more; those who are there stay. */
    @Override
    public void close() throws IOException {
        for (ServerSocket listener : listeners) {
            listener.close();
        }
    }
}
