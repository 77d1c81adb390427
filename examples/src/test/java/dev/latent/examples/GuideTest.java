package dev.latent.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every program of the docs compiles, runs, and prints what its page says. */
class GuideTest {
    @TestFactory
    Stream<DynamicTest> programs() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Page page : Page.all()) {
            for (Page.Program program : page.programs("java run")) {
                tests.add(DynamicTest.dynamicTest(page.file().getFileName() + ":" + program.line(), () -> {
                    String printed = SourceProgram.run(program.source());
                    if (program.output() != null) {
                        assertEquals(program.output(), printed);
                    }
                }));
            }
        }
        assertFalse(tests.isEmpty());
        return tests.stream();
    }
}
