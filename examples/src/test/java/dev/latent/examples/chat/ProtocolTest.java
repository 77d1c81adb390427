package dev.latent.examples.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolTest {
    private static Name name(String text) {
        return Objects.requireNonNull(Name.of(text));
    }

    @Test
    void understands() {
        assertEquals(
                new Wish.Join(name("lobby"), name("Ada"), null, "", 0),
                Protocol.read("{\"join\":\"lobby\",\"nick\":\"Ada\"}"));
        assertEquals(
                new Wish.Join(name("lobby"), name("Ada"), Protocol.publicOf("secret"), "memory", 18),
                Protocol.read(
                        "{\"join\":\"lobby\",\"nick\":\"Ada\",\"me\":\"secret\",\"log\":\"memory\",\"seen\":\"18\"}"));
        assertEquals(new Wish.Say("a \"b\" ä", 0, 0), Protocol.read("{\"say\":\"a \\\"b\\\" \\u00e4\"}"));
        assertEquals(new Wish.Say("x", 5, 4), Protocol.read("{\"say\":\"x\",\"n\":\"5\",\"after\":\"4\"}"));
        assertEquals(new Wish.Say("x", 0, 0), Protocol.read("{\"say\":\"x\",\"n\":\"five\"}"));
        assertEquals(new Wish.Rename(name("Ada L.")), Protocol.read("{\"nick\":\"Ada L.\"}"));
        assertEquals(new Wish.Rooms(), Protocol.read("{\"rooms\":\"please\"}"));
        assertEquals(new Wish.Leave(), Protocol.read("{\"leave\":\"please\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[]",
                "{}",
                "{\"say\":1}",
                "{\"say\":{\"a\":\"b\"}}",
                "{\"say\":\"x",
                "{\"join\":\"lobby\"}",
                "{\"leave\":\"please\"} x",
                "{\"say\":\"\"}",
                "{\"say\":\" \\t\\n\u200b\u00a0\"}",
                "{\"nick\":\"\"}",
                "{\"join\":\"lobby\",\"nick\":\"Ada\u200b\"}",
                "{\"join\":\"\",\"nick\":\"Ada\"}",
                "{\"join\":\"123456789012345678901234567890123\",\"nick\":\"Ada\"}"
            })
    void saysWhatIsWrong(String message) {
        assertInstanceOf(Wish.Wrong.class, Protocol.read(message));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada", " Ada ", "ADA", "\uFF21\uFF44\uFF41", "\u00a0Ada\u2003"})
    void isTheSamePerson(String nick) {
        assertEquals(name("Ada"), name(nick));
    }

    @Test
    void isAnother() {
        assertNotEquals(name("Ada"), name("A da"));
        assertNotEquals(name("Ada"), name("Adá"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "\u200b",
                "A\u200dda",
                "\u202eadA",
                "\u3164",
                "\u2800",
                "\u0301",
                "A\ufe0f",
                "\ud800",
                "a\u0000",
                "\ufdfa\ufdfa\ufdfa"
            })
    void isNoName(String nick) {
        assertNull(Name.of(nick));
    }

    /** The page shows its own. */
    @Test
    void thePageHasASentenceForEachTrouble() throws IOException {
        try (InputStream in = ChatServer.class.getResourceAsStream("page/chat.js")) {
            String page = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (Trouble trouble : Trouble.values()) {
                assertTrue(page.contains("'" + trouble.code + "':"), trouble.code);
            }
        }
    }
}
