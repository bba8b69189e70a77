package gradus.train;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.CacheMode;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import gradus.tokenizer.json.JsonFault;
import java.time.Duration;

/// The rules that keep the house in order.
@AnalyzeClasses(
        packages = "gradus",
        importOptions = ImportOption.DoNotIncludeTests.class,
        cacheMode = CacheMode.PER_CLASS)
class ArchitectureTest {
    private static final String[] TRAINING = {
        "gradus.train",
        "gradus.train.checkpoint",
        "gradus.train.task",
        "gradus.train.optimizer",
        "gradus.train.schedule",
        "gradus.train.average"
    };

    /// What tokenizers are made of.
    private static final String[] TOKENIZER_PARTS = {
        "gradus.tokenizer.text..",
        "gradus.tokenizer.normalize..",
        "gradus.tokenizer.pretokenize..",
        "gradus.tokenizer.added..",
        "gradus.tokenizer.bpe..",
        "gradus.tokenizer.wordpiece..",
        "gradus.tokenizer.sentencepiece..",
        "gradus.tokenizer.unigram.."
    };

    @ArchTest
    static final ArchRule nd4jStaysInTensor = noClasses()
            .that(not(resideInAPackage("gradus.tensor..")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.nd4j.linalg..", "org.nd4j.nativeblas..", "org.bytedeco..");

    @ArchTest
    static final ArchRule tensorKnowsNoLayers = noClasses()
            .that()
            .resideInAPackage("gradus.tensor..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("gradus.layers..", "gradus.train..", "gradus.tokenizer..");

    @ArchTest
    static final ArchRule layersKnowNoTraining = noClasses()
            .that()
            .resideInAPackage("gradus.layers..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("gradus.train..", "gradus.tokenizer..");

    @ArchTest
    static final ArchRule tokenizersKnowNoTensors = noClasses()
            .that()
            .resideInAPackage("gradus.tokenizer..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("gradus.tensor..", "gradus.layers..", "gradus.train..")
            .allowEmptyShould(true);

    /// The rooms below the trainer know neither it nor what stands above it.
    @ArchTest
    static final ArchRule roomsOfTrainingPointOneWay = noClasses()
            .that()
            .resideInAnyPackage(
                    "gradus.train.task..",
                    "gradus.train.optimizer..",
                    "gradus.train.schedule..",
                    "gradus.train.average..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "gradus.train",
                    "gradus.train.checkpoint..",
                    "gradus.train.corpus..",
                    "gradus.train.generate..",
                    "gradus.train.pretrained..",
                    "gradus.train.run..",
                    "gradus.train.cli..");

    /// Algorithms know nothing of the tokenizers made of them; text, the least of them, knows no other.
    @ArchTest
    static final ArchRule tokenizersAreMadeOfPartsThatDoNotKnowThem = noClasses()
            .that()
            .resideInAnyPackage(TOKENIZER_PARTS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "gradus.tokenizer",
                    "gradus.tokenizer.format..",
                    "gradus.tokenizer.corpus..",
                    "gradus.tokenizer.train..");

    /// Files are read to tokenizers and written from them; no tokenizer knows of a file, of JSON or of
    /// training.
    @ArchTest
    static final ArchRule tokenizersKnowNoFilesAndNoTraining = noClasses()
            .that()
            .resideInAPackage("gradus.tokenizer")
            .or()
            .resideInAnyPackage(TOKENIZER_PARTS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "gradus.tokenizer.json..",
                    "gradus.tokenizer.format..",
                    "gradus.tokenizer.corpus..",
                    "gradus.tokenizer.train..",
                    "tools.jackson..",
                    "java.nio.file..");

    @ArchTest
    static final ArchRule filesOfTokenizersKnowNoTraining = noClasses()
            .that()
            .resideInAnyPackage("gradus.tokenizer.format..", "gradus.tokenizer.json..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("gradus.tokenizer.train..", "gradus.tokenizer.corpus..");

    @ArchTest
    static final ArchRule textAndJsonKnowNoTokenizer = noClasses()
            .that()
            .resideInAnyPackage("gradus.tokenizer.text..", "gradus.tokenizer.json..")
            .should()
            .dependOnClassesThat(resideInAPackage("gradus.tokenizer..")
                    .and(not(resideInAnyPackage("gradus.tokenizer.text..", "gradus.tokenizer.json.."))));

    /// What is wrong with a JSON file is said in the same words for tokenizers and for checkpoints.
    @ArchTest
    static final ArchRule trainingKnowsNoCommandLine = noClasses()
            .that()
            .resideInAnyPackage(TRAINING)
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("gradus.train.cli..", "gradus.train.run..", "picocli..", "gradus.tokenizer..")
                            .and(not(type(JsonFault.class))));

    /// Reinforcement learning draws texts and is a task; who trains it, and from where, is not its business.
    @ArchTest
    static final ArchRule reinforcementKnowsTasksAndGenerationOnly = noClasses()
            .that()
            .resideInAPackage("gradus.train.rl..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("gradus.train..", "picocli..")
                    .and(not(resideInAnyPackage(
                            "gradus.train.rl..", "gradus.train.task..", "gradus.train.generate.."))));

    /// A run is trained, saved, exported and measured by any program; the command line is one of them.
    @ArchTest
    static final ArchRule runsKnowNoCommandLine = noClasses()
            .that()
            .resideInAPackage("gradus.train.run..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("gradus.train.cli..", "picocli..", "me.tongfei..", "org.jline..");

    @ArchTest
    static final ArchRule roomsMakeNoCircle =
            slices().assignedFrom(new EachRoom()).should().beFreeOfCycles();

    private static final class EachRoom implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            String room = type.getPackageName();
            // x.softmax() is Softmax.apply(x), and that makes a Tensor: the one circle, seen as one room.
            boolean tensors = room.equals("gradus.tensor") || room.startsWith("gradus.tensor.op");
            return SliceIdentifier.of(tensors ? "gradus.tensor" : room);
        }

        @Override
        public String getDescription() {
            return "each package; gradus.tensor and its operations as one";
        }
    }

    /// They are optional dependencies: who builds on the library has none of them.
    @ArchTest
    static final ArchRule u8_onlyTheCommandLineSeesItsLibraries = noClasses()
            .that(not(resideInAPackage("gradus.train.cli..")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("picocli..", "me.tongfei..", "org.jline..", "net.sf.extjwnl..", "org.slf4j.simple..");

    /// The library that draws is optional too.
    @ArchTest
    static final ArchRule onlyPlotsAreDrawn = noClasses()
            .that(not(resideInAPackage("gradus.train.run.plot..")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.knowm..");

    /// Layers register what they own by name; nothing looks for it.
    @ArchTest
    static final ArchRule noReflection = noClasses()
            .that()
            .resideInAPackage("gradus.layers..")
            .or()
            .resideInAnyPackage(TRAINING)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.lang.reflect..");

    /// A layer says what is computed; files, logs and memory are others' business.
    @ArchTest
    static final ArchRule layersKeepToTheMathematics = noClasses()
            .that()
            .resideInAPackage("gradus.layers..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.io..", "java.nio..", "org.slf4j..", "gradus.tensor.memory..");

    /// BAD-INPUT 198: the clock of the day may jump. It gives a run's folder its name, and is told in its
    /// config and its log, and nothing follows from it; spans are measured by [System#nanoTime], which does not
    /// jump. An `.npz` file gives each of its entries one fixed date.
    @ArchTest
    static final ArchRule nothingWaitsForTheClockOfTheDay = noClasses()
            .that()
            .haveNameNotMatching(
                    "gradus\\.(train\\.(cli\\.TrainCommand|run\\.provenance\\.Circumstances|run\\.metrics\\.Metrics|run\\.tensorboard\\.TensorBoard|run\\.compare\\.MetricsFile)|tensor\\.io\\.Npz"
                            + "|tokenizer\\.chat\\.(ChatTemplate|jinja\\.(Globals|Strftime)).*)")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat(resideInAPackage("java.time..").and(not(type(Duration.class))));
}
