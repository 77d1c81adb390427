package dev.latent.web.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Netty's decoder of requests, called without a channel, for heads only: what is behind one is its {@link BodyDecoder}'s. It is given a head that was cut out before.
 */
public final class RequestDecoder extends HttpRequestDecoder {
    private static final byte[] HTTP = {'H', 'T', 'T', 'P', '/'};
    private static final byte DELETE = 0x7f;

    private final List<Object> out = new ArrayList<>(2);
    private final int maxHead;
    private @Nullable BodyDecoder body;

    /** A decoder for a connection, whose heads and lines have up to so many bytes. */
    public RequestDecoder(int maxHead) {
        super(new HttpDecoderConfig().setMaxInitialLineLength(maxHead).setMaxHeaderSize(maxHead));
        this.maxHead = maxHead;
    }

    /** A length and chunks: whoever stands before us may have believed the other one. */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("a length and chunks");
    }

    /** {@return the request of that head; one that can't be understood has a failed {@code decoderResult()}, or is null} */
    public @Nullable HttpRequest head(byte[] head) throws Exception {
        if (!isStrict(head)) {
            return null;
        }
        body = null;
        reset(); // it was not told of the last one's body
        decode(Unpooled.wrappedBuffer(head));
        HttpRequest request = !out.isEmpty() && out.getFirst() instanceof HttpRequest found ? found : null;
        out.clear();
        return request;
    }

    /** The head that was found has been believed: behind it stand so many bytes of a body, chunks where {@code length} is negative. */
    public void begin(long length) {
        body = new BodyDecoder(length, maxHead);
    }

    /**
     * {@return whether it is free of what Netty forgives: folded lines, controls, a first line that is not parted by two single spaces, and a version that is not in
     * capital letters}
     */
    private static boolean isStrict(byte[] head) {
        int spaces = 0;
        int lastSpace = 0;
        int first = 0;
        for (int i = 0; i < head.length; i++) {
            byte b = head[i];
            if (b == '\r') {
                i++;
                if (i == head.length || head[i] != '\n') {
                    return false;
                }
                first = first == 0 ? i + 1 : first;
                if (i + 1 < head.length && (head[i + 1] == ' ' || head[i + 1] == '\t')) {
                    return false;
                }
            } else if (b >= 0 && b < ' ' && (b != '\t' || first == 0) || b == DELETE) {
                return false;
            } else if (first == 0 && b == ' ') {
                spaces++;
                if (i == lastSpace + 1) {
                    return false;
                }
                lastSpace = i;
            }
        }
        return spaces == 2
                && lastSpace + HTTP.length < head.length
                && Arrays.equals(head, lastSpace + 1, lastSpace + 1 + HTTP.length, HTTP, 0, HTTP.length);
    }

    /** {@return whether nothing of the body is left} */
    public boolean isEnded() {
        return body == null || body.isEnded();
    }

    /**
     * {@return the next piece of the body, null when more is needed for one, or {@link #isEnded}} What it needs is taken out of {@code in}.
     *
     * @throws ProtocolException when it is no body
     */
    public @Nullable ByteBuffer content(HeadBuffer in) throws ProtocolException {
        if (body == null) {
            return null;
        }
        ByteBuf bytes = in.view();
        try {
            return body.next(bytes);
        } finally {
            in.skip(bytes.readerIndex());
        }
    }

    private void decode(ByteBuf bytes) throws Exception {
        int before;
        do {
            before = bytes.readerIndex();
            super.decode(null, bytes, out);
        } while (out.isEmpty() && bytes.readerIndex() > before);
    }
}
