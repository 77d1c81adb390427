package dev.latent.io.spi;

import dev.latent.io.Addresses;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** The network's failures, in words that say what to do. The system's own exception is kept as the cause. */
public final class NetErrors {
    private NetErrors() {}

    public static IOException bind(InetSocketAddress address, IOException e) {
        String reason =
                switch (text(e)) {
                    case "Address already in use", "Address already in use: bind" ->
                        "port in use: choose another one, or stop the program that has it";
                    case "Cannot assign requested address" -> "this machine has no such address";
                    case "Permission denied" -> "not permitted: ports below 1024 need a privilege, choose a higher one";
                    default -> explanation(e);
                };
        return with(e, new BindException("cannot listen on " + Addresses.text(address) + ": " + reason));
    }

    public static IOException connect(InetSocketAddress address, IOException e) {
        String reason =
                text(e).startsWith("Connection refused") ? "connection refused: nothing listens there" : explanation(e);
        return with(e, new ConnectException("cannot connect to " + Addresses.text(address) + ": " + reason));
    }

    public static IOException unknownHost(String host, Throwable e) {
        return with(e, new UnknownHostException("the host name \"" + host + "\" is not known"));
    }

    /** A read or write that failed. */
    public static IOException transfer(String verb, InetSocketAddress peer, IOException e) {
        boolean reset = text(e).startsWith("Connection reset") || text(e).startsWith("Broken pipe");
        return new IOException(
                reset
                        ? "connection reset by " + Addresses.text(peer) + " while " + verb
                        : verb + " " + Addresses.text(peer) + " failed: " + explanation(e),
                e);
    }

    public static boolean isTooManyOpenFiles(IOException e) {
        return text(e).startsWith("Too many open files");
    }

    /** {@code what} failed for the reason {@code e}. */
    public static IOException explained(String what, IOException e) {
        return new IOException(what + ": " + explanation(e), e);
    }

    public static IOException closed(Object op) {
        return new IOException(op + " came after it was closed");
    }

    public static IOException closedMeanwhile(Object op) {
        return new IOException(op + " was given up: it was closed while this was waiting");
    }

    public static IOException executorClosed() {
        return new IOException("the network is closed: its executor has ended");
    }

    private static String explanation(IOException e) {
        return isTooManyOpenFiles(e)
                ? "too many open files: raise the limit (ulimit -n), or close what is no longer used"
                : text(e);
    }

    private static String text(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private static IOException with(Throwable cause, IOException e) {
        e.initCause(cause);
        return e;
    }
}
