package dev.latent.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.latent.Future;
import java.lang.classfile.Annotation;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.RuntimeVisibleAnnotationsAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.DiscoveryIssue;
import org.junit.platform.engine.DiscoveryIssue.Severity;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Tests that were not woven are not left out in silence. */
class UnwovenTestsTest {
    /** A class as a compiler without the weaver writes it. */
    private static Class<?> unwoven(Class<?> annotation) throws ClassNotFoundException {
        byte[] written = ClassFile.of()
                .build(
                        ClassDesc.of("shop.ShopTest"),
                        to -> to.withMethod(
                                "works",
                                MethodTypeDesc.of(
                                        Future.class.describeConstable().orElseThrow()),
                                0,
                                into -> into.with(RuntimeVisibleAnnotationsAttribute.of(Annotation.of(
                                                annotation.describeConstable().orElseThrow())))
                                        .withCode(b -> b.aconst_null().areturn())));
        byte[] inherits = ClassFile.of()
                .build(ClassDesc.of("shop.BookTest"), to -> to.withSuperclass(ClassDesc.of("shop.ShopTest")));
        return new ClassLoader(UnwovenTestsTest.class.getClassLoader()) {
            @Override
            protected Class<?> findClass(String name) {
                byte[] its = name.equals("shop.ShopTest") ? written : inherits;
                return defineClass(name, its, 0, its.length);
            }
        }.loadClass("shop.ShopTest");
    }

    @Test
    void whatIsInheritedUnwovenIsAnErrorOnce() throws Exception {
        Class<?> base = unwoven(AsyncTest.class);
        Class<?> inherits = base.getClassLoader().loadClass("shop.BookTest");
        assertEquals(1, issues(inherits).size());
        List<DiscoveryIssue> issues = EngineTestKit.engine(new UnwovenTests())
                .selectors(selectClass(inherits), selectClass(base))
                .discover()
                .getDiscoveryIssues();
        assertEquals(1, issues.size(), issues.toString());
        assertTrue(issues.getFirst().message().contains("shop.ShopTest.works()"), issues.toString());
    }

    private static List<DiscoveryIssue> issues(Class<?> type) {
        return EngineTestKit.engine(new UnwovenTests())
                .selectors(selectClass(type))
                .discover()
                .getDiscoveryIssues();
    }

    @ParameterizedTest
    @ValueSource(classes = {AsyncTest.class, Awaited.class})
    void anUnwovenTestIsAnError(Class<?> annotation) throws Exception {
        List<DiscoveryIssue> issues = issues(unwoven(annotation));
        assertEquals(1, issues.size(), issues.toString());
        assertEquals(Severity.ERROR, issues.getFirst().severity());
        String message = issues.getFirst().message();
        assertTrue(message.contains("shop.ShopTest.works()"), message);
        assertTrue(message.contains("latent-compiler"), message);
    }

    @Test
    void othersAreNoneOfItsBusiness() throws Exception {
        assertEquals(List.of(), issues(unwoven(Deprecated.class)));
        assertEquals(List.of(), issues(AsyncTestTest.class));
    }

    @Test
    void jUnitFindsIt() throws Exception {
        assertEquals(
                1,
                EngineTestKit.engine("latent-unwoven")
                        .selectors(selectClass(unwoven(AsyncTest.class)))
                        .discover()
                        .getDiscoveryIssues()
                        .size());
    }
}
