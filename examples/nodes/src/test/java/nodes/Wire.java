package nodes;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A wire to a server of this machine, that can be cut, and mended. */
final class Wire implements AutoCloseable {
    private final int to;
    private final ServerSocket ear;
    private final Set<Socket> ends = ConcurrentHashMap.newKeySet();
    private volatile boolean isCut;

    /** A wire to port {@code to}. */
    Wire(int to) throws IOException {
        this.to = to;
        this.ear = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return ear.getLocalPort();
    }

    /** Whoever is connected is so no more, and nobody comes through. */
    void cut() throws IOException {
        isCut = true;
        for (Socket end : ends) {
            end.close();
        }
    }

    void mend() {
        isCut = false;
    }

    private void accept() {
        while (!ear.isClosed()) {
            try {
                Socket near = ear.accept();
                if (isCut) {
                    near.close();
                    continue;
                }
                Socket far = new Socket(InetAddress.getLoopbackAddress(), to);
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                ends.add(near);
                ends.add(far);
                Thread.ofVirtual().start(() -> carry(near, far));
                Thread.ofVirtual().start(() -> carry(far, near));
                if (isCut) {
                    cut();
                }
            } catch (IOException e) {
                // that one does not come through
            }
        }
    }

    private void carry(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            in.transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one of the two is gone
        } finally {
            ends.remove(from);
            ends.remove(to);
        }
    }

    @Override
    public void close() throws IOException {
        ear.close();
        cut();
    }
}
