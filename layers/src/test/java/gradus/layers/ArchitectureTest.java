package gradus.layers;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.CacheMode;
import com.tngtech.archunit.lang.ArchRule;

/// The arrows between the rooms of this module: parts below, models above.
@AnalyzeClasses(packages = "gradus.layers", importOptions = DoNotIncludeTests.class, cacheMode = CacheMode.PER_CLASS)
class ArchitectureTest {
    @ArchTest
    static final ArchRule noPackageCircles =
            slices().matching("gradus.layers.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theRootKnowsNoRoom = noClasses()
            .that()
            .resideInAPackage("gradus.layers")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("gradus.layers.*..");

    @ArchTest
    static final ArchRule partsKnowNoModel = noClasses()
            .that()
            .resideOutsideOfPackage("gradus.layers.model..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("gradus.layers.model..")
            .because("an adapter, a norm or an attention serves any model, one of somebody else's too");

    @ArchTest
    static final ArchRule configurationsKnowNoModel = noClasses()
            .that()
            .resideInAPackage("gradus.layers.model.config..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("gradus.layers.model");

    @ArchTest
    static final ArchRule positionsKnowNoAttention = noClasses()
            .that()
            .resideInAPackage("gradus.layers.position..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("gradus.layers.attention..")
            .because("attention is read where attention lives");

    @ArchTest
    static final ArchRule masksAndCachesKnowNoAttention = noClasses()
            .that()
            .resideInAnyPackage("gradus.layers.attention.mask..", "gradus.layers.attention.cache..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("gradus.layers.attention");

    @ArchTest
    static final ArchRule layersKnowNoMemoryAndNoNd4j =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("gradus.tensor.memory..", "org.nd4j..");

    @ArchTest
    static final ArchRule nothingStandsAbove = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("gradus.train..", "gradus.tokenizer..", "gradus.lessons..");
}
