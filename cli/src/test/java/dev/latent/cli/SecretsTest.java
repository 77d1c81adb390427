package dev.latent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of addresses. */
class SecretsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            redis://:secret@host:6379                                | redis://…@host:6379
            nats://token@host, nats://ada:secret@other: refused      | nats://…@host, nats://…@other: refused
            postgresql://ada:sec/r@t@db/shop can't be used           | postgresql://…@db/shop can't be used
            jdbc:mariadb://db/chat?user=ada&password=secret&x=1      | jdbc:mariadb://db/chat?user=ada&password=…&x=1
            jdbc:h2:tcp://db/chat;PASSWORD=secret;USER=ada           | jdbc:h2:tcp://db/chat;PASSWORD=…;USER=ada
            kafka://host:9092 and ada@example.org                    | kafka://host:9092 and ada@example.org
            """)
    void passwordsAreNotToldButWhereItIs(String text, String told) {
        assertEquals(told, Secrets.hidden(text));
    }
}
