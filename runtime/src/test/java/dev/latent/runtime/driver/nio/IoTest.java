package dev.latent.runtime.driver.nio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.io.Io;
import dev.latent.io.TcpStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IoTest {
    private final NioTestLoop loop = new NioTestLoop();

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void aProxyPassesEverythingOnAndTheEndToo() throws Exception {
        TcpStream[] left = loop.pair();
        TcpStream[] right = loop.pair();
        NioTestLoop.Task<Long> there = loop.start(Io.copy(left[1], right[0]));
        NioTestLoop.Task<Long> back = loop.start(Io.copy(right[0], left[1]));
        byte[] sent = new byte[5_000_000];
        new Random(3).nextBytes(sent);
        NioTestLoop.Task<Void> writing = loop.start(left[0].write(ByteBuffer.wrap(sent)));
        ByteBuffer received = ByteBuffer.allocate(sent.length);
        while (received.hasRemaining()) {
            loop.run(right[1].read(received));
        }
        writing.get();
        assertArrayEquals(sent, received.array());
        loop.run(left[0].shutdownOutput());
        assertEquals(-1, loop.run(right[1].read(ByteBuffer.allocate(8))));
        assertEquals(sent.length, there.get());

        loop.run(right[1].write(ByteBuffer.allocate(10)));
        loop.run(right[1].shutdownOutput());
        assertEquals(10, back.get());
    }

    @Test
    void itReadsNoFasterThanTheTargetTakes() throws Exception {
        TcpStream[] left = loop.pair();
        TcpStream[] right = loop.pair();
        NioTestLoop.Task<Long> copying = loop.start(Io.copy(left[1], right[0]));
        ByteBuffer data = ByteBuffer.allocate(64 << 20);
        NioTestLoop.Task<Void> writing = loop.start(left[0].write(data));
        loop.settle();
        assertFalse(writing.isDone());
        int polls = copying.polls;
        loop.settle();
        assertTrue(copying.polls - polls <= 8, "it spins");
        assertTrue(data.position() < data.capacity());

        copying.drop();
        right[0].tryWrite(ByteBuffer.allocate(1)); // not refused: the dropped copy is out of the way
        assertTrue(left[1].tryRead(ByteBuffer.allocate(1)) > 0);
    }

    @Test
    void aClosedTargetFailsTheCopy() throws Exception {
        TcpStream[] left = loop.pair();
        TcpStream[] right = loop.pair();
        NioTestLoop.Task<Long> copying = loop.start(Io.copy(left[1], right[0]));
        loop.settle();
        right[0].close();
        loop.run(left[0].write(ByteBuffer.allocate(10)));
        assertThrows(IOException.class, copying::get);
    }
}
