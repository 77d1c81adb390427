package dev.latent.web;

import dev.latent.web.http.ByteBudget;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Turns bytes, however they were cut on their way, into messages and control frames.
 *
 * <p>It takes what there is and keeps what it needs: header bytes until the header is whole, payload bytes unmasked where the
 * message will stand. So the bytes given to it may lie in a borrowed buffer, and between two messages it holds nothing at all
 * ({@link #isIdle}): a connection then lets the decoder go as well.
 *
 * <p>Two goals compete. A message should be copied once, so its array should have the size the header announces; but a header of
 * fourteen bytes must not make us reserve a megabyte, nor a million fragments of one byte copy it a million times. So an array has
 * the announced size only when the message's last frame is already there, and otherwise grows by doubling as the bytes arrive.
 *
 * <p>Everything is checked as early as it can be known, text included, and a violation is final.
 */
final class FrameDecoder {
    /** First array of a frame that has not arrived yet. */
    private static final int FIRST_BYTES = 4 * 1024;

    private static final byte[] NOTHING = {};

    private final WebSocketLimits limits;
    private final boolean masked;

    /** Asked for every array of more than {@link ByteBudget#FREE_BYTES}; null: nobody has to be. */
    private final @Nullable Outgoing memory;

    /** Null where messages can't be compressed. */
    private final @Nullable Deflate deflate;

    /** An incomplete header, else null. */
    private byte @Nullable [] head;

    private int headSize;

    /** Of the frame whose payload is arriving. */
    private boolean inPayload;

    private boolean fin;
    private int opcode;
    private int left;

    /** Of the message so far. */
    private int frames;

    /** Of the message: it is compressed, and looked at when it is whole. */
    private boolean packed;

    /** Turned so that its highest byte is the next payload byte's. */
    private int mask;

    /** Opcode of the message begun by a frame that was not its last, else 0. */
    private int message;

    /** Text so far; see {@link Utf8}. */
    private int utf8;

    private byte[] data = NOTHING;
    private int dataSize;
    private byte[] control = NOTHING;
    private int controlSize;

    /**
     * A decoder for one direction of a connection.
     *
     * @param masked whether the peer is a client, whose frames must be masked; a server's must not
     */
    FrameDecoder(WebSocketLimits limits, boolean masked) {
        this(limits, masked, null);
    }

    /** A decoder whose message counts as held by {@code memory}'s connection until it is whole. */
    FrameDecoder(WebSocketLimits limits, boolean masked, @Nullable Outgoing memory) {
        this.limits = limits;
        this.masked = masked;
        this.memory = memory;
        this.deflate = memory == null ? null : memory.deflate;
    }

    /** {@return whether it holds nothing: the last byte taken was the last of a message or of a frame between messages} */
    boolean isIdle() {
        return !inPayload && headSize == 0 && message == 0;
    }

    /**
     * Takes in one frame, or what there is of it.
     *
     * @return the message or control frame that it completes, or null; then {@code in} may hold more frames
     */
    @Nullable
    Incoming next(ByteBuffer in) throws ProtocolViolation {
        if (!inPayload && !header(in)) {
            return null;
        }
        payload(in);
        if (left > 0) {
            return null;
        }
        inPayload = false;
        return opcode >= Frames.CLOSE ? control() : data();
    }

    private boolean header(ByteBuffer in) throws ProtocolViolation {
        int at = in.position();
        if (headSize == 0 && in.remaining() >= 2) {
            check(in.get(at), in.get(at + 1));
            if (in.remaining() >= sizeOfHeader(in.get(at + 1))) {
                take(in, in);
                return true;
            }
        }
        while (in.hasRemaining()) {
            byte[] bytes = head == null ? head = new byte[Frames.MAX_HEADER] : head;
            bytes[headSize++] = in.get();
            if (headSize == 2) {
                check(bytes[0], bytes[1]);
            }
            if (headSize >= 2 && headSize == sizeOfHeader(bytes[1])) {
                head = null;
                headSize = 0;
                take(ByteBuffer.wrap(bytes), in);
                return true;
            }
        }
        return false;
    }

    private static int sizeOfHeader(byte second) {
        int length = second & 0x7f;
        int size = length < Frames.LENGTH_16 ? 2 : length == Frames.LENGTH_16 ? 4 : 10;
        return second < 0 ? size + 4 : size;
    }

    private void check(byte first, byte second) throws ProtocolViolation {
        int reserved = first & 0x70;
        int op = first & 0x0f;
        boolean begins = op == Frames.TEXT || op == Frames.BINARY;
        if (reserved != 0 && !(reserved == Frames.PACKED && begins && deflate != null)) {
            throw violation("reserved bits are set, without an extension");
        }
        if (second < 0 != masked) {
            throw violation(masked ? "a client's frame is not masked" : "a server's frame is masked");
        }
        if (op >= Frames.CLOSE) {
            if (op > Frames.PONG) {
                throw violation("unknown opcode " + op);
            }
            if (first >= 0) {
                throw violation("a control frame is fragmented");
            }
            if ((second & 0x7f) > Frames.MAX_CONTROL) {
                throw violation("a control frame of more than 125 bytes");
            }
        } else if (op > Frames.BINARY) {
            throw violation("unknown opcode " + op);
        } else if (op == Frames.CONTINUATION != (message != 0)) {
            throw violation(message == 0 ? "nothing to continue" : "a message begins before the last has ended");
        }
    }

    private void take(ByteBuffer header, ByteBuffer in) throws ProtocolViolation {
        byte first = header.get();
        int second = header.get();
        long length = second & 0x7f;
        if (length == Frames.LENGTH_16) {
            length = header.getShort() & 0xffff;
            if (length < Frames.LENGTH_16) {
                throw violation("a length is not written in its shortest form");
            }
        } else if (length == Frames.LENGTH_64) {
            length = header.getLong();
            if (length >= 0 && length <= 0xffff) {
                throw violation("a length is not written in its shortest form");
            }
            if (length < 0) {
                throw violation("a length of more than 63 bits");
            }
        }
        fin = first < 0;
        opcode = first & 0x0f;
        if (opcode == Frames.TEXT || opcode == Frames.BINARY) {
            packed = (first & Frames.PACKED) != 0;
        }
        mask = masked ? header.getInt() : 0;
        begin(length, in.remaining());
    }

    private void begin(long length, int there) throws ProtocolViolation {
        if (opcode >= Frames.CLOSE) {
            control = length == 0 ? NOTHING : new byte[(int) length];
            controlSize = 0;
        } else {
            if (length > limits.maxFrame()) {
                throw new ProtocolViolation(
                        WebSocketClosed.TOO_BIG, "a frame of more than " + limits.maxFrame() + " bytes");
            }
            if (dataSize + length > limits.maxMessage()) {
                throw new ProtocolViolation(
                        WebSocketClosed.TOO_BIG, "a message of more than " + limits.maxMessage() + " bytes");
            }
            if (opcode != Frames.CONTINUATION) {
                message = opcode;
                utf8 = Utf8.COMPLETE;
                frames = 0;
            }
            if (++frames > limits.maxFrames()) {
                throw new ProtocolViolation(
                        WebSocketClosed.TOO_BIG, "a message of more than " + limits.maxFrames() + " frames");
            }
            if (fin && length <= there) {
                grow(dataSize + (int) length);
            }
        }
        left = (int) length;
        inPayload = true;
    }

    private void grow(int size) throws ProtocolViolation {
        if (size > data.length) {
            if (memory != null && !memory.hold(size)) {
                throw new ProtocolViolation(WebSocketClosed.TRY_AGAIN_LATER, "no memory for so long a message now");
            }
            int before = data.length;
            data = Arrays.copyOf(data, size);
            letGo(before);
        }
    }

    private void letGo(int length) {
        if (memory != null) {
            memory.letGo(length);
        }
    }

    /** Lets go of what it holds; it is not used any more. */
    void drop() {
        letGo(data.length);
        data = NOTHING;
    }

    private void payload(ByteBuffer in) throws ProtocolViolation {
        int n = Math.min(left, in.remaining());
        if (n == 0) {
            return;
        }
        if (opcode >= Frames.CLOSE) {
            fill(in, control, controlSize, n);
            controlSize += n;
        } else {
            int to = dataSize + n;
            if (to > data.length) {
                long doubled = Math.max(2L * data.length, FIRST_BYTES);
                int most = fin ? dataSize + left : limits.maxMessage();
                grow(Math.max(to, (int) Math.min(doubled, most)));
            }
            fill(in, data, dataSize, n);
            if (message == Frames.TEXT && !packed) {
                utf8 = Utf8.check(utf8, data, dataSize, to);
                if (utf8 == Utf8.INVALID) {
                    throw new ProtocolViolation(WebSocketClosed.BAD_DATA, "text that is not UTF-8");
                }
            }
            dataSize = to;
        }
        left -= n;
    }

    private void fill(ByteBuffer in, byte[] to, int at, int n) {
        in.get(to, at, n);
        if (masked) {
            Frames.xor(to, at, at + n, mask);
            mask = Integer.rotateLeft(mask, (n & 3) * 8);
        }
    }

    private @Nullable Incoming data() throws ProtocolViolation {
        if (!fin) {
            return null;
        }
        boolean text = message == Frames.TEXT;
        if (packed) {
            unpack();
            utf8 = text ? Utf8.check(Utf8.COMPLETE, data, 0, dataSize) : Utf8.COMPLETE;
            if (utf8 == Utf8.INVALID) {
                throw new ProtocolViolation(WebSocketClosed.BAD_DATA, "text that is not UTF-8");
            }
        }
        if (text && utf8 != Utf8.COMPLETE) {
            throw new ProtocolViolation(WebSocketClosed.BAD_DATA, "text ends within a character");
        }
        Message whole = text
                ? new Message.Text(new String(data, 0, dataSize, StandardCharsets.UTF_8))
                : new Message.Binary(dataSize == data.length ? data : Arrays.copyOf(data, dataSize));
        drop();
        dataSize = 0;
        message = 0;
        return whole;
    }

    /**
     * Puts the message in the place of its compressed form. A block that says it is the last (BFINAL) ends a stream, behind which another may begin
     * (RFC 7692, 7.2.3.4).
     */
    private void unpack() throws ProtocolViolation {
        byte[] from = data;
        int size = dataSize;
        data = NOTHING;
        dataSize = 0;
        Deflate by = Objects.requireNonNull(deflate);
        Inflater inflater = by.takeInflater();
        try {
            inflater.setInput(from, 0, size);
            boolean atTail = false;
            while (true) {
                if (inflater.finished()) {
                    int left = inflater.getRemaining();
                    inflater.reset();
                    if (atTail) {
                        return;
                    }
                    inflater.setInput(from, size - left, left);
                }
                if (inflate(inflater) == 0) {
                    if (inflater.needsDictionary()) {
                        throw new DataFormatException("it needs a dictionary");
                    }
                    if (inflater.needsInput()) {
                        if (atTail) {
                            return;
                        }
                        atTail = true;
                        Deflate.end(inflater);
                    }
                }
            }
        } catch (DataFormatException e) {
            throw new ProtocolViolation(WebSocketClosed.BAD_DATA, "a compressed message that can't be unpacked");
        } finally {
            letGo(from.length);
            by.give(inflater);
        }
    }

    /** {@return how many bytes came of it} */
    private int inflate(Inflater inflater) throws DataFormatException, ProtocolViolation {
        if (dataSize == limits.maxMessage()) {
            if (inflater.inflate(new byte[1]) > 0) {
                throw new ProtocolViolation(
                        WebSocketClosed.TOO_BIG, "a message of more than " + limits.maxMessage() + " bytes");
            }
            return 0;
        }
        if (dataSize == data.length) {
            grow((int) Math.min(limits.maxMessage(), Math.max(2L * data.length, FIRST_BYTES)));
        }
        int n = inflater.inflate(data, dataSize, data.length - dataSize);
        dataSize += n;
        return n;
    }

    private Incoming control() throws ProtocolViolation {
        byte[] payload = control;
        control = NOTHING;
        return switch (opcode) {
            case Frames.PING -> new Incoming.Ping(payload);
            case Frames.PONG -> new Incoming.Pong(payload);
            default -> close(payload);
        };
    }

    private static Incoming close(byte[] payload) throws ProtocolViolation {
        if (payload.length == 0) {
            return new Incoming.Close(WebSocketClosed.NO_CODE, "");
        }
        if (payload.length == 1) {
            throw violation("a close frame of one byte");
        }
        int code = (payload[0] & 0xff) << 8 | payload[1] & 0xff;
        if (!WebSocketClosed.isSendable(code)) {
            throw violation("close code " + code);
        }
        if (Utf8.check(Utf8.COMPLETE, payload, 2, payload.length) != Utf8.COMPLETE) {
            throw new ProtocolViolation(WebSocketClosed.BAD_DATA, "a close reason that is not UTF-8");
        }
        return new Incoming.Close(code, new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8));
    }

    private static ProtocolViolation violation(String what) {
        return new ProtocolViolation(WebSocketClosed.PROTOCOL_ERROR, what);
    }
}
