package dev.latent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class LimitsTest {
    @Test
    void tooFewOpenFilesNameTheCommandAndWhatFits() {
        Failure failure = assertThrows(Failure.class, () -> new Limits(4_096, 28_232).check(10_000));
        assertEquals(
                "10,000 connections need 10,100 open files in each of two processes, and the limit is 4,096: raise it"
                        + " with sudo prlimit --pid $$ --nofile=10100:10100, or use --connections 3996",
                failure.getMessage());
    }

    @Test
    void tooFewPortsNameTheCommandAndWhatFits() {
        Failure failure = assertThrows(Failure.class, () -> new Limits(Long.MAX_VALUE, 10).check(10_000));
        assertEquals(
                "10,000 connections need more ports than the 10 that this machine gives to outgoing ones: raise it with"
                        + " sudo sysctl -w net.ipv4.ip_local_port_range=\"1024 65535\", or use --connections 2000",
                failure.getMessage());
    }

    @Test
    void whatFitsPasses() throws Exception {
        new Limits(20_000, 28_232).check(19_900);
    }

    @Test
    void whatKeepsMoreFromComingIsNamed() {
        assertEquals(new Limits.Most(50, "as many as were wanted"), new Limits(20_000, 28_232).most(50));
        assertEquals(
                new Limits.Most(19_900, "the limit of 20,000 open files"), new Limits(20_000, 28_232).most(100_000));
        assertEquals(
                new Limits.Most(2_000, "the 10 ports for outgoing connections"),
                new Limits(Long.MAX_VALUE, 10).most(100_000));
    }

    @Test
    void moreConnectionsThanPortsUseMoreAddresses() {
        Limits limits = new Limits(Long.MAX_VALUE, 28_232);
        assertEquals(List.of("127.0.0.1"), limits.addresses(10_000));
        assertEquals(List.of("127.0.0.1", "127.0.0.2", "127.0.0.3"), limits.addresses(60_000));
    }
}
