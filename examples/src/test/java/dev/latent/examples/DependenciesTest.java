package dev.latent.examples;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Dependencies point down only: core, then runtime, then web, then examples; the compiler stands apart. */
class DependenciesTest {
    private static final String[] ABOVE_CORE = {
        "dev.latent.compiler..",
        "dev.latent.runtime..",
        "dev.latent.web..",
        "dev.latent.sim..",
        "dev.latent.console..",
        "dev.latent.interop..",
        "dev.latent.cli..",
        "dev.latent.examples.."
    };

    private static final DescribedPredicate<JavaClass> LATENT = resideInAnyPackage("dev.latent..");
    private static final DescribedPredicate<JavaClass> CORE = LATENT.and(resideOutsideOfPackages(ABOVE_CORE));
    private static final DescribedPredicate<JavaClass> RUNTIME = resideInAnyPackage("dev.latent.runtime..");
    private static final DescribedPredicate<JavaClass> WEB = resideInAnyPackage("dev.latent.web..");
    private static final DescribedPredicate<JavaClass> COMPILER = resideInAnyPackage("dev.latent.compiler..");

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.latent");
    }

    @Test
    void theClassesAreThere() {
        assertTrue(classes.stream().anyMatch(CORE), "no class of core was read");
        assertTrue(classes.contain("dev.latent.Future"), "Future was not read");
    }

    @Test
    void coreDependsOnTheJdkAlone() {
        only(CORE, CORE.or(resideInAnyPackage("java..", "org.jspecify.."))).check(classes);
    }

    @Test
    void runtimeDependsOnCore() {
        only(RUNTIME, RUNTIME.or(CORE).or(DescribedPredicate.not(LATENT))).check(classes);
    }

    @Test
    void webDependsOnCoreAndRuntime() {
        only(WEB, WEB.or(RUNTIME).or(CORE).or(DescribedPredicate.not(LATENT))).check(classes);
    }

    @Test
    void theCompilerDependsOnNoModuleOfLatent() {
        only(COMPILER, COMPILER.or(DescribedPredicate.not(LATENT))).check(classes);
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

    @Test
    void nothingThatRunsDependsOnTheCompiler() {
        ArchRule rule = noClasses()
                .that(DescribedPredicate.not(COMPILER).and(resideOutsideOfPackages("dev.latent.cli..")))
                .should()
                .dependOnClassesThat(COMPILER);
        rule.check(classes);
    }

    private static ArchRule only(DescribedPredicate<JavaClass> from, DescribedPredicate<JavaClass> to) {
        return noClasses()
                .that(from)
                .should()
                .dependOnClassesThat(DescribedPredicate.not(to))
                .allowEmptyShould(true);
    }
}
