package gradus.lessons.lab.induction;

import gradus.error.UsageException;
import gradus.lessons.lab.material.Material;
import gradus.lessons.lab.material.Training;
import gradus.lessons.lab.option.Experiment;
import gradus.lessons.lab.option.LabFolder;
import gradus.lessons.lab.option.LabSeeds;
import gradus.lessons.lab.option.LabSteps;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.List;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus lab induction`
@Command(
        name = "induction",
        description = {
            "Trains models of attention alone, with two layers and with one, on sequences in",
            "which a stretch of random tokens repeats, and measures on the way the loss of",
            "its second occurrence and what every head looks at. What is expected: with two",
            "layers a head forms that finds the place behind the earlier occurrence, and the",
            "loss falls at once; with one layer neither. The models are kept in the folder's",
            "models/."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Interrupted, it goes on with the models that are missing in --out.",
            "",
            "Examples:",
            "  gradus lab induction --out lab",
            "  gradus lab induction --out lab --vocabulary 16 --longest 8 --steps 40 --seeds 1"
        })
public final class InductionLabCommand extends Experiment {
    private static final int SHORTEST = 8;
    private static final int LONGEST = 256;
    private static final int MOST = 4096; // tokens of a vocabulary
    private static final int HEADS = 4;
    private static final int DIM = 64;
    private static final int BATCH = 32;
    private static final int MEASURES = 40;
    private static final int TESTS = 64;
    private static final double LR = 5e-3;

    @Option(names = "--vocabulary", paramLabel = "<n>", description = "different tokens, 2 to 4096; default 64")
    private int vocabulary = 64;

    @Option(
            names = "--longest",
            paramLabel = "<n>",
            description = "tokens of the longest stretch, 8 to 256; the shortest has 8; default 24")
    private int longest = 24;

    @Mixin
    private LabSteps steps = new LabSteps(800);

    @Mixin
    private LabSeeds seeds = new LabSeeds(5);

    public InductionLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() {
        if (vocabulary < 2 || vocabulary > MOST) {
            throw new UsageException("--vocabulary must be 2 to %s; got %s".formatted(MOST, vocabulary));
        }
        if (longest < SHORTEST || longest > LONGEST) {
            throw new UsageException("--longest must be %s to %s; got %s".formatted(SHORTEST, LONGEST, longest));
        }
        int count = seeds.count();
        int each = steps.count();
        LabFolder folder = output().folder();
        folder.claim(CheckpointJson.object()
                .put("experiment", "induction")
                .put("vocabulary", vocabulary)
                .put("longest", longest)
                .put("steps", each));
        Material material = new Material(folder.path().resolve("models"), output()::say);
        Repeats repeats = new Repeats(vocabulary, SHORTEST, longest);
        InductionRecipe two =
                new InductionRecipe(repeats, 2, HEADS, DIM, BATCH, new Training(each, LR), MEASURES, TESTS);
        output().predict("induction heads", InductionPart.prediction(repeats));
        return new InductionPart(courses(material, two, count), courses(material, two.withLayers(1), count), repeats)
                .section(folder.path())
                .toString();
    }

    private static List<InductionCourse> courses(Material material, InductionRecipe recipe, int count) {
        return LongStream.rangeClosed(1, count)
                .mapToObj(seed -> InductionCourse.of(material.measured(recipe, seed)))
                .toList();
    }
}
