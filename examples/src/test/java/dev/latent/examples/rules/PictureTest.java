package dev.latent.examples.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code docs/design/packages.svg} is what the code is. To draw it again: {@code -Dlatent.draw=true}. */
class PictureTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.latent");

    @Test
    void thePictureOfThePackagesIsThatOfTheCode() throws Exception {
        Path file = Path.of("..", "docs", "design", "packages.svg");
        String drawn = Picture.of(classes);
        if (Boolean.getBoolean("latent.draw")) {
            Files.writeString(file, drawn);
        }
        assertEquals(
                Files.readString(file),
                drawn,
                "the packages have changed: mvn verify -pl examples -am -Dtest=PictureTest -Dlatent.draw=true"
                        + " -Dsurefire.failIfNoSpecifiedTests=false");
    }

    @Test
    void everyArrowGoesDown() {
        assertEquals(List.of(), Picture.upwards(classes));
    }
}
