package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.fuzz.Cuts;
import dev.latent.fuzz.Machine;
import dev.latent.web.http.Request;
import dev.latent.web.http.Response;
import dev.latent.web.http.TrustedProxies;
import dev.latent.web.internal.HeadBuffer;
import dev.latent.web.internal.ProxyHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What proxies say of a client: the header of the PROXY protocol, of which the same is taken however it is cut; and {@code Forwarded}, {@code X-Forwarded-For} and the like, which never fail,
 * and of which nothing counts that stands before the first address that is not trusted.
 */
public final class ProxyFuzz {
    private static final InetSocketAddress PROXY = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 4711);
    private static final TrustedProxies TRUSTED = TrustedProxies.of("10.0.0.0/8", "fd00::/8");
    private static final Machine MACHINE = new Machine(world -> world);

    private ProxyFuzz() {}

    /** {@return what to begin with} */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (String text : new String[] {
            "PROXY TCP4 192.0.2.1 192.0.2.2 4711 80\r\nGET / HTTP/1.1\r\n",
            "PROXY TCP6 2001:db8::1 2001:db8::2 4711 80\r\n",
            "PROXY UNKNOWN\r\n",
            "for=192.0.2.1;proto=https;host=shop\nfor=\"[fd00::1]:80\", for=10.0.0.3",
            "192.0.2.1, 10.0.0.4",
        }) {
            seeds.add(Cuts.seed(text));
        }
        String two = "0d0a0d0a000d0a515549540a";
        for (String more : new String[] {
            "2111000cc0000201c00002021267 0050 474554",
            "2121002420010db8000000000000000000000001 20010db8000000000000000000000002 1267 0050",
            "20000000",
            "21110013c0000201c0000202126700500400040102030405",
        }) {
            seeds.add(Cuts.seed(HexFormat.of().parseHex(two + more.replace(" ", ""))));
        }
        return seeds;
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        byte[] bytes = Cuts.rest(input);
        Cuts.same(read(Cuts.whole(bytes)), read(Cuts.pieces(input, bytes)), "PROXY");
        forwarded(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private static String read(List<byte[]> pieces) {
        HeadBuffer in = new HeadBuffer(512, 2048);
        ProxyHeader header = new ProxyHeader(PROXY);
        InetSocketAddress client = null;
        int left = 0;
        try {
            for (byte[] piece : pieces) {
                if (client != null) {
                    left += piece.length;
                    continue;
                }
                ByteBuffer from = ByteBuffer.wrap(piece);
                while (client == null && from.hasRemaining()) { // as much as there is room for, as it is read
                    int n = Math.min(
                            from.remaining(), in.room(ByteBuffer.allocate(4096)).remaining());
                    if (n == 0) {
                        throw new AssertionError("no room, and no end");
                    }
                    in.add(from.slice(from.position(), n));
                    from.position(from.position() + n);
                    client = header.client(in);
                }
                left += from.remaining();
            }
        } catch (ProtocolException e) {
            return "refused";
        }
        return client == null
                ? "more is to come"
                : client + " and " + (left + in.view().readableBytes());
    }

    // ---- in headers -------------------------------------------------------------------------------------------------

    private static void forwarded(String text) throws Exception {
        String[] values = text.split("\n", -1);
        for (String name : new String[] {"forwarded", "x-forwarded-for"}) {
            Request.Builder builder = Request.builder("GET", "/").remoteAddress(PROXY);
            Request.Builder more = Request.builder("GET", "/").remoteAddress(PROXY);
            try {
                for (String value : values) {
                    builder.header(name, value);
                }
                // what a client writes itself stands before what the proxies add
                more.header(name, name.equals("forwarded") ? "for=198.51.100.7;host=evil;proto=http" : "198.51.100.7");
                for (String value : values) {
                    more.header(name, value);
                }
            } catch (IllegalArgumentException e) {
                return; // can't stand in a header
            }
            Request seen = believed(builder.build());
            boolean trusts = seen.remoteAddress().getAddress().getAddress()[0] == 10
                    || seen.remoteAddress().getAddress().getAddress()[0] == (byte) 0xfd;
            Request also = believed(more.build());
            if (!trusts && !seen.remoteAddress().equals(also.remoteAddress())) {
                throw new AssertionError(
                        "a client makes itself " + also.remoteAddress() + " where it is " + seen.remoteAddress());
            }
            Request stranger = Request.builder("GET", "/")
                    .remoteAddress(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.9"), 1))
                    .headers(builder.build().headers())
                    .build();
            if (believed(stranger) != stranger) {
                throw new AssertionError("believed a stranger");
            }
        }
    }

    private static Request believed(Request request) throws Exception {
        Request[] seen = new Request[1];
        MACHINE.run(async(() -> {
            await(TRUSTED.around(asked -> async(() -> {
                        seen[0] = asked;
                        return Response.of(204);
                    }))
                    .handle(request));
        }));
        return seen[0];
    }
}
