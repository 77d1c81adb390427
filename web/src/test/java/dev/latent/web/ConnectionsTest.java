package dev.latent.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/** Who is one client. */
class ConnectionsTest {
    private static long network(String address) {
        return Connections.network(InetAddress.ofLiteral(address));
    }

    @Test
    void aClientOfIPv4IsNoneOfIPv6() {
        String[][] apart = {
            {"0.0.0.0", "::1"},
            {"0.0.0.0", "0:0:0:1::"},
            {"127.0.0.1", "0:0:7f00:1::1"},
            {"10.0.0.1", "10.0.0.2"},
            {"2001:db8::1", "2001:db8:0:1::1"},
        };
        for (String[] two : apart) {
            assertNotEquals(network(two[0]), network(two[1]), two[0] + " " + two[1]);
        }
    }

    @Test
    void whatAClientCanChangeIsTheSameClient() {
        assertEquals(network("2001:db8::1"), network("2001:db8::ffff:1"));
        assertEquals(network("192.0.2.1"), network("::ffff:192.0.2.1"));
    }
}
