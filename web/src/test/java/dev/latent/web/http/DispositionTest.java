package dev.latent.web.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

/** What stands behind a semicolon. */
class DispositionTest {
    private static final String[][] CASES = {
        {"form-data; name=a", "a"},
        {"form-data; name=\"a;b=c\"; filename=d", "a;b=c"},
        {"form-data; flag; name=a", "a"},
        {"form-data; flag;name=a", "a"},
        {"form-data; flag; other ; name = \"a\"", "a"},
        {"form-data;; name=a", "a"},
        {"form-data; flag=; name=a", "a"},
        {"form-data; name; name=a", "a"},
        {"form-data; x=\"\\\"; name=b\"; name=a", "a"},
        {"form-data; =x; name=a", "a"},
        {"form-data; NAME=a", "a"},
        {"form-data; name=", ""},
        {"form-data; name=\"\"", ""},
        {"form-data; name", null},
        {"form-data; name;", null},
        {"form-data;", null},
        {"form-data", null},
        {"name=a", null},
        {"form-data; x=\"name=a", null},
    };

    @Test
    void aParameterIsFoundWhateverStandsBeforeIt() {
        for (String[] each : CASES) {
            assertEquals(each[1], Disposition.parameter(each[0], "name"), each[0]);
        }
    }

    @Test
    void aPartSaysWhatItIs() {
        Disposition said =
                Disposition.parse("Content-Disposition: form-data; inline; name=\"f\"; x; filename=\"b c\"\r\n");
        assertEquals(new Disposition("f", "b c", null), said);
        assertNull(Disposition.parse("Content-Disposition: form-data; name=f; filename")
                .fileName());
    }
}
