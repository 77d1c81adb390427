package dev.latent.web.http;

import dev.latent.Future;
import dev.latent.io.TcpStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a connection becomes once a 101 has been sent on it. */
@FunctionalInterface
public interface Upgrade {
    /**
     * {@return the connection under its new protocol}
     *
     * @param stream to be written and read by it alone from now on; it is closed by the server
     * @param early what has been read already, null for nothing
     * @param budget what all connections of the server may hold together
     */
    Upgraded start(TcpStream stream, @Nullable ByteBuffer early, ByteBudget budget);

    /** A connection under its new protocol. */
    interface Upgraded {
        /**
         * {@return a future that serves it}
         *
         * <p><em>Cancel safety:</em> dropped, whoever answers is dropped, cleanup included.
         */
        Future<Void> serve() throws Exception;

        /**
         * {@return a future that ends it in good order, once {@link #serve} has}
         *
         * <p><em>Cancel safety:</em> dropped, the connection is cut.
         *
         * @param failure of {@link #serve}, null for none
         */
        Future<Void> end(@Nullable Throwable failure);

        /** {@return whether {@code failure} of {@link #serve} is one, and not just the connection's end} */
        boolean isFailure(Throwable failure);

        /**
         * {@return a future that ends it in good order, beside {@link #serve} perhaps}
         *
         * <p><em>Cancel safety:</em> dropped, the connection is cut.
         */
        Future<Void> goodbye();

        /** Ends it now, as far as that goes without waiting. */
        void cut();
    }
}
