package gradus.lessons;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.CacheMode;
import com.tngtech.archunit.lang.ArchRule;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.TrainingResult;
import gradus.train.optimizer.OptimizerKind;
import java.util.Set;

/// What prompting and retrieval may know.
@AnalyzeClasses(
        packages = "gradus.lessons",
        importOptions = ImportOption.DoNotIncludeTests.class,
        cacheMode = CacheMode.PER_CLASS)
class ArchitectureTest {
    /// What one trains with, from outside.
    private static final Set<String> DOOR = Set.of(
            Trainer.class.getName(),
            TrainConfig.class.getName(),
            TrainingListener.class.getName(),
            TrainingResult.class.getName(),
            StepReport.class.getName(),
            OptimizerKind.class.getName());

    private static final DescribedPredicate<JavaClass> INSIDE_OF_THE_TRAINER = describe(
            "the trainer's inside",
            type -> type.getPackageName().matches("gradus\\.train(\\.(optimizer|schedule|average)(\\..*)?)?")
                    && !DOOR.contains(type.getName()));

    @ArchTest
    static final ArchRule promptsAndRetrievalDoNotSeeTheTrainersInside = noClasses()
            .that()
            .resideInAnyPackage("gradus.lessons.prompt..", "gradus.lessons.retrieve..", "gradus.lessons.langchain..")
            .should()
            .dependOnClassesThat(INSIDE_OF_THE_TRAINER);

    /// Everything goes through the one face, so the face knows nobody.
    @ArchTest
    static final ArchRule theFaceKnowsNobody = noClasses()
            .that()
            .resideInAPackage("gradus.lessons.prompt")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "gradus.lessons.retrieve..", "gradus.lessons.langchain..", "gradus.lessons.lab..", "picocli..");

    /// Both are optional dependencies: who does not ask for them does not need them.
    @ArchTest
    static final ArchRule langChainStaysInItsPackage = noClasses()
            .that()
            .resideOutsideOfPackage("gradus.lessons.langchain..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.langchain4j..");

    @ArchTest
    static final ArchRule pdfStaysWithTheExtractors = noClasses()
            .that()
            .resideOutsideOfPackage("gradus.lessons.retrieve.extract..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.pdfbox..");

    /// Parts know no command line.
    @ArchTest
    static final ArchRule partsKnowNoCommandLine = noClasses()
            .that()
            .resideInAnyPackage(
                    "gradus.lessons.prompt.answer..",
                    "gradus.lessons.prompt.autocot..",
                    "gradus.lessons.prompt.demonstration..",
                    "gradus.lessons.prompt.method..",
                    "gradus.lessons.prompt.react..",
                    "gradus.lessons.prompt.template..",
                    "gradus.lessons.prompt.tree..",
                    "gradus.lessons.retrieve.search..",
                    "gradus.lessons.retrieve.query..",
                    "gradus.lessons.retrieve.refine..",
                    "gradus.lessons.retrieve.rag..",
                    "gradus.lessons.retrieve.reader..",
                    "gradus.lessons.retrieve.extract..",
                    "gradus.lessons.retrieve.index..",
                    "gradus.lessons.langchain..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule roomsMakeNoCircle =
            slices().matching("gradus.lessons.(**)").should().beFreeOfCycles();
}
