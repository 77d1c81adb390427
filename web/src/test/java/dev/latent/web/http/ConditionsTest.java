package dev.latent.web.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a client says of the version that it has seen. */
class ConditionsTest {
    private static Request request(String method, String... fields) {
        Request.Builder request = Request.builder(method, "/x");
        for (int i = 0; i < fields.length; i += 2) {
            request.header(fields[i], fields[i + 1]);
        }
        return request.build();
    }

    private static boolean hold(@Nullable String etag, String... fields) {
        return Conditions.of(request("PUT", fields)).hold(etag);
    }

    @Test
    void whatHoldsForWhat() {
        Object[][] cases = {
            {"\"1\"", true, new String[] {}},
            {null, true, new String[] {}},
            {"\"1\"", true, new String[] {"if-match", "\"1\""}},
            {"\"1\"", true, new String[] {"if-match", "\"0\", \"1\""}},
            {"\"1\"", true, new String[] {"if-match", "\"0\"", "if-match", "\"1\""}},
            {"\"1\"", true, new String[] {"if-match", "*"}},
            {null, false, new String[] {"if-match", "*"}},
            {null, false, new String[] {"if-match", "\"1\""}},
            {"\"1\"", false, new String[] {"if-match", "\"2\""}},
            {"\"1\"", false, new String[] {"if-match", "W/\"1\""}},
            {"W/\"1\"", false, new String[] {"if-match", "W/\"1\""}},
            {"\"1\"", false, new String[] {"if-none-match", "\"1\""}},
            {"\"1\"", false, new String[] {"if-none-match", "W/\"1\""}},
            {"W/\"1\"", false, new String[] {"if-none-match", "\"1\""}},
            {"\"1\"", true, new String[] {"if-none-match", "\"2\""}},
            {"\"1\"", false, new String[] {"if-none-match", "*"}},
            {null, true, new String[] {"if-none-match", "*"}},
            {"\"a, b\"", true, new String[] {"if-match", "\"a\", \"a, b\""}},
            {"\"a, b\"", false, new String[] {"if-none-match", "W/\"a, b\""}},
            {"\"1\"", false, new String[] {"if-match", "\"0,*,\\\""}},
            {"\"1\"", true, new String[] {"if-none-match", "\"0,*\""}},
            {"\"1\"", true, new String[] {"if-match", "\"\\\",\"1\""}},
            {"\"1\"", false, new String[] {"if-match", "\"1\"", "if-none-match", "\"1\""}},
        };
        for (Object[] each : cases) {
            String[] fields = (String[]) each[2];
            assertEquals(each[1], hold((String) each[0], fields), each[0] + " " + String.join(" ", fields));
        }
        assertTrue(Conditions.of(request("PUT", "if-match", "*")).hasMatch());
        assertFalse(Conditions.of(request("PUT", "if-none-match", "*")).hasMatch());
    }

    private static Response answer(String method, Response answer, String... fields) {
        return Conditions.of(request(method, fields)).answer(answer);
    }

    @Test
    void anAnswerThatTheClientHas() {
        Response page = Response.text("page").header("etag", Conditions.etag(7)).header("cache-control", "no-cache");
        Response same = answer("GET", page, "if-none-match", "\"7\"");
        assertEquals(304, same.status());
        assertEquals("\"7\"", same.header("etag"));
        assertEquals("no-cache", same.header("cache-control"));
        assertNull(same.header("content-type"));
        assertTrue(same.content() instanceof Response.Content.Bytes(var bytes) && bytes.length == 0);
        assertEquals(304, answer("HEAD", page, "if-none-match", "*").status());
        assertEquals(200, answer("GET", page, "if-none-match", "\"8\"").status());
        assertEquals(412, answer("GET", page, "if-match", "\"8\"").status());
        assertEquals(412, answer("PUT", page, "if-none-match", "*").status());
        assertEquals(404, answer("GET", page.status(404), "if-none-match", "*").status());
        assertEquals(
                200,
                answer("GET", page.withoutHeader("etag"), "if-none-match", "*").status());
    }

    @Test
    void versionsThatCanNotStandThere() {
        for (String bad : new String[] {"a\"b", "a b", "ä", "a,b", "\n"}) {
            assertThrows(IllegalArgumentException.class, () -> Conditions.etag(bad), bad);
        }
        assertEquals("\"v1.2-x\"", Conditions.etag("v1.2-x"));
    }
}
