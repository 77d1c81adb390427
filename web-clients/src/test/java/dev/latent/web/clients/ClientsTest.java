package dev.latent.web.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients of Python and Node against our server. What each does stands in its program; here stands what it sees, and what the server sees of it. */
@Timeout(120)
class ClientsTest {
    @FunctionalInterface
    private interface Start {
        Program at(String address) throws Exception;
    }

    private static void check(Start client, String expected, String tally) throws Exception {
        Service service = Service.start();
        try (service;
                Program program = client.at("127.0.0.1:" + service.port())) {
            assertEquals(expected, program.text());
        }
        assertEquals(tally, service.tally.toString());
    }

    @Test
    void websocketsOfPython() throws Exception {
        check(address -> Program.python("websockets_client.py", "ws://" + address), """
                compressed echoes: 300
                plain echoes: 300
                echoes where nothing is compressed: 300
                extensions: [PerMessageDeflate(remote_no_context_takeover=True, local_no_context_takeover=True, remote_max_window_bits=15, local_max_window_bits=15)]
                subprotocol: v1.echo
                pongs: 20
                10 MB in fragments: True
                close agreed: 4000
                close of a client that got too much: 1009
                close of a client that sent too much: 1009 a message of more than 16777216 bytes
                close 1000: 1000 as you like it ✓
                close 1011: 1011 as you like it ✓
                close 3000: 3000 as you like it ✓
                close 4999: 4999 as you like it ✓
                close after round trips: 1000 ten round trips
                refused: 401 who are you?
                talkers at once: 50
                vanished: 10
                sync subprotocol: v2.echo
                sync pong: True
                sync echoes: 300
                """, """
                binaries: 602
                bytes: 10823737
                closed 1000: 53
                closed 1006 the peer left without a close frame: 10
                closed 1009 a message of more than 16777216 bytes: 1
                closed 1009 frame exceeds limit of 1000 bytes: 1
                closed 4000 I have seen enough ✓: 1
                closed 4001 by threads: 1
                closed with 1000: 1
                closed with 1011: 1
                closed with 3000: 1
                closed with 4999: 1
                ended: 67
                opened: 67
                round trips: 10
                texts: 1600
                """);
    }

    @Test
    void aiohttp() throws Exception {
        check(address -> Program.python("aiohttp_client.py", "http://" + address), """
                chunked upload: True
                upload of a known length: True
                upload that asked first: True
                nothing uploaded: True
                fields: {a=[1 & 2], ü=[✓]}
                upload given up: yes
                name: [Ada ✓]
                notes: notes.txt text/plain 14 156ff47e2177e7f5ab21bc6a4023c1fb53614662
                picture: %C3%BC.png image/png 3000000 4aff3cc3812c535c3026504a756e78332356dd3e
                chunked download: True
                its coding: chunked
                trickles left: 5
                timeouts: 3
                subprotocol: v1.echo
                compressed: 15
                echoes: 600
                close: CLOSE 4003 as you like it ✓
                refused: 401
                close after round trips: 1000
                connections of 50 requests: 1
                connections of 200 at once: 4
                """, """
                answers: 250
                binaries: 300
                bodies: 5
                bodies ended: 5
                body bytes: 15000009
                bytes: 408202
                closed 4002 done: 1
                closed with 4003: 1
                ended: 1
                never: 3
                never ended: 3
                opened: 1
                round trips: 10
                streams: 1
                streams ended: 1
                texts: 300
                trickles: 5
                trickles ended: 5
                """);
    }

    @Test
    void wsOfNode() throws Exception {
        check(address -> Program.node("ws_client.js", "ws://" + address), """
                plain extensions: none
                plain subprotocol: v2.echo
                plain echoes: 300
                plain close: 4000
                compressed extensions: {"server_no_context_takeover":true,"client_no_context_takeover":true}
                compressed subprotocol: v2.echo
                compressed echoes: 300
                compressed close: 4000
                windowed extensions: {"server_no_context_takeover":true,"client_no_context_takeover":true,"server_max_window_bits":10,"client_max_window_bits":10}
                windowed subprotocol: v2.echo
                windowed echoes: 300
                windowed close: 4000
                pongs: 20
                10 MB: true
                close without a code: 1005
                error of a client that got too much: Max payload size exceeded
                close of a client that sent too much: 1009 a message of more than 16777216 bytes
                close 1000: 1000 as you like it ✓
                close 1011: 1011 as you like it ✓
                close 3000: 3000 as you like it ✓
                close 4999: 4999 as you like it ✓
                close after round trips: 1000 ten round trips
                refused: 401
                nowhere: Unexpected server response: 404
                """, """
                binaries: 452
                bytes: 10618053
                closed 1005: 1
                closed 1006 the peer left without a close frame: 1
                closed 1009: 1
                closed 1009 a message of more than 16777216 bytes: 1
                closed 4000 enough: 3
                closed with 1000: 1
                closed with 1011: 1
                closed with 3000: 1
                closed with 4999: 1
                ended: 7
                opened: 7
                round trips: 10
                texts: 450
                """);
    }
}
