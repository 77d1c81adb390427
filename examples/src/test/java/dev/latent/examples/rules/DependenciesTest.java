package dev.latent.examples.rules;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Dependencies point down only, see {@link Layers}; and the rooms of the compiler know no ways in. */
class DependenciesTest {
    private static final DescribedPredicate<JavaClass> LATENT = resideInAnyPackage("dev.latent..");

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.latent");
    }

    @Test
    void everyPackageStandsInALayerAndUsesWhatIsBelow() {
        Set<String> wrong = new TreeSet<>();
        Set<String> seen = new TreeSet<>();
        for (JavaClass type : classes) {
            String layer = Layers.of(type.getPackageName());
            if (layer == null) {
                wrong.add(type.getPackageName() + " stands in no layer: put it into the table");
                continue;
            }
            seen.add(layer);
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                String to = Layers.of(target.getPackageName());
                if (to != null && !Layers.mayUse(layer, to)) {
                    wrong.add(layer + " uses " + to + ": " + dependency.getDescription());
                }
            }
        }
        assertEquals(Set.of(), wrong, String.join("\n", wrong));
        assertTrue(
                seen.containsAll(Set.of("core", "io", "runtime", "web", "junit", "compiler", "examples")),
                "read: " + seen);
    }

    @Test
    void everyBridgeIsRead() {
        Set<String> read = new TreeSet<>();
        classes.forEach(type -> {
            if ("interop".equals(Layers.of(type.getPackageName()))) {
                read.add(type.getPackageName());
            }
        });
        assertEquals(
                Set.of(
                        "dev.latent.interop.http",
                        "dev.latent.interop.opentelemetry",
                        "dev.latent.interop.resilience4j",
                        "dev.latent.interop.slf4j"),
                read);
    }

    @Test
    void coreDependsOnTheJdkAlone() {
        noClasses()
                .that(DescribedPredicate.describe("of core", c -> "core".equals(Layers.of(c.getPackageName()))))
                .should()
                .dependOnClassesThat(DescribedPredicate.not(LATENT.or(resideInAnyPackage("java..", "org.jspecify.."))))
                .check(classes);
    }

    @Test
    void theWeaverKnowsNoneOfItsWaysIn() {
        noClasses()
                .that(resideInAnyPackage("dev.latent.compiler"))
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.latent.compiler.*.."))
                .check(classes);
        slices().matching("dev.latent.compiler.(**)").should().beFreeOfCycles().check(classes);
    }
}
