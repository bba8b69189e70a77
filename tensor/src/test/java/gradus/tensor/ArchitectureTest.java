package gradus.tensor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.CacheMode;
import com.tngtech.archunit.lang.ArchRule;
import gradus.tensor.type.DType;

/// The rules of the design that this module keeps.
@AnalyzeClasses(packages = "gradus.tensor", importOptions = DoNotIncludeTests.class, cacheMode = CacheMode.PER_CLASS)
class ArchitectureTest {
    @ArchTest
    static final ArchRule nd4jStaysBelowTheTensor = noClasses()
            .that()
            .resideOutsideOfPackages("gradus.tensor.kernel..", "gradus.tensor.memory..")
            .and()
            .doNotBelongToAnyOf(Tensor.class, CreationOps.class, DType.class)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.nd4j..")
            .because("a further device is one more implementation of the kernels, and no operation changes");

    @ArchTest
    static final ArchRule operationsDoNotKnowTheDevice = noClasses()
            .that()
            .resideInAPackage("gradus.tensor.op..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("gradus.tensor.kernel.*..")
            .orShould()
            .dependOnClassesThat()
            .haveSimpleNameStartingWith("Backend")
            .because("an operation says what is computed, not where");

    @ArchTest
    static final ArchRule vectorKernelsKnowNoOtherDevice = noClasses()
            .that()
            .resideInAPackage("gradus.tensor.kernel.vector..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "gradus.tensor.kernel.nd4j..", "gradus.tensor.kernel.host..", "gradus.tensor.kernel.cuda..");

    @ArchTest
    static final ArchRule aCardKnowsNoOtherDevice = noClasses()
            .that()
            .resideInAPackage("gradus.tensor.kernel.cuda..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "gradus.tensor.kernel.nd4j..", "gradus.tensor.kernel.host..", "gradus.tensor.kernel.vector..");

    @ArchTest
    static final ArchRule whatKernelsAreKnowsNoDevice = noClasses()
            .that()
            .resideInAPackage("gradus.tensor.kernel")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("gradus.tensor.kernel.*..")
            .because("devices are found by name, so that one more changes nothing here");

    @ArchTest
    static final ArchRule memoryKnowsNoKernels = noClasses()
            .that()
            .resideInAPackage("gradus.tensor.memory..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("gradus.tensor.kernel..");

    @ArchTest
    static final ArchRule kernelsDoNotKnowOperations = noClasses()
            .that()
            .resideInAnyPackage("gradus.tensor.kernel..", "gradus.tensor.memory..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("gradus.tensor.op..");

    @ArchTest
    static final ArchRule nothingStandsAbove = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("gradus.layers..", "gradus.train..", "gradus.tokenizer..", "gradus.lessons..");
}
