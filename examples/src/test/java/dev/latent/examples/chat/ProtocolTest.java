package dev.latent.examples.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolTest {
    @Test
    void understands() {
        assertEquals(new Wish.Join("lobby", "Ada"), Protocol.read("{\"join\":\"lobby\",\"nick\":\"Ada\"}"));
        assertEquals(new Wish.Say("a \"b\" ä"), Protocol.read("{\"say\":\"a \\\"b\\\" \\u00e4\"}"));
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
                "{\"join\":\"\",\"nick\":\"Ada\"}",
                "{\"join\":\"123456789012345678901234567890123\",\"nick\":\"Ada\"}"
            })
    void saysWhatIsWrong(String message) {
        assertInstanceOf(Wish.Wrong.class, Protocol.read(message));
    }
}
