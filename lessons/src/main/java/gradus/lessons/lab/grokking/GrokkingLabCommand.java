package gradus.lessons.lab.grokking;

import gradus.error.UsageException;
import gradus.lessons.lab.material.Material;
import gradus.lessons.lab.option.Experiment;
import gradus.lessons.lab.option.LabFolder;
import gradus.lessons.lab.option.LabSeeds;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.List;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus lab grokking`
@Command(
        name = "grokking",
        description = {
            "Trains a transformer of one layer on a part of the table of (a + b) mod p, and",
            "measures on the way how many of these sums it knows and how many of the",
            "others. What is expected: the others come long after, with weight decay, and",
            "then the numbers' vectors are made of a few frequencies. The runs are kept in",
            "the folder's runs/."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Interrupted, it goes on with the runs that are missing in --out.",
            "",
            "Examples:",
            "  gradus lab grokking --out lab",
            "  gradus lab grokking --out lab --modulus 13 --steps 100 --channels 16 --seeds 1"
        })
public final class GrokkingLabCommand extends Experiment {
    private static final int WHOLE = 100; // %
    private static final int HEADS = 4;
    private static final int EVERY = 25;
    private static final int SMALLEST = 13; // of 6 frequencies
    private static final int LARGEST = 499; // whose table fits in a batch
    private static final int LEAST = 50; // steps: two measures

    @Option(names = "--modulus", paramLabel = "<p>", description = "an odd number, 13 to 499; default 59")
    private int modulus = 59;

    @Option(names = "--share", paramLabel = "<n>", description = "of the table that is learned, in %%; default 50")
    private int share = 50;

    @Option(names = "--more", paramLabel = "<n>", description = "the larger share of the control, in %%; default 70")
    private int more = 70;

    @Option(names = "--steps", paramLabel = "<n>", description = "most steps of each training; default 4000")
    private int steps = 4000;

    @Option(names = "--channels", paramLabel = "<n>", description = "of the model, a multiple of 4; default 128")
    private int channels = 128;

    @Mixin
    private LabSeeds seeds = new LabSeeds(3);

    public GrokkingLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() {
        if (modulus < SMALLEST || modulus > LARGEST || modulus % 2 == 0) {
            throw new UsageException(
                    "--modulus must be odd, from %s to %s; got %s".formatted(SMALLEST, LARGEST, modulus));
        }
        if (share < 1 || more <= share || more >= WHOLE) {
            throw new UsageException("--share must be at least 1, and --more above it and below 100; got %s and %s"
                    .formatted(share, more));
        }
        if (steps < LEAST) {
            throw new UsageException("--steps must be at least %s; got %s".formatted(LEAST, steps));
        }
        if (channels < HEADS || channels % HEADS != 0) {
            throw new UsageException("--channels must be a multiple of %s; got %s".formatted(HEADS, channels));
        }
        int count = seeds.count();
        LabFolder folder = output().folder();
        folder.claim(CheckpointJson.object()
                .put("experiment", "grokking")
                .put("modulus", modulus)
                .put("share", share)
                .put("more", more)
                .put("steps", steps)
                .put("channels", channels));
        Material material = new Material(folder.path().resolve("runs"), output()::say);
        output().predict("grokking", GrokkingPart.prediction(modulus));
        return new GrokkingPart(
                        courses(material, share, 1, count),
                        courses(material, share, 0, count),
                        courses(material, more, 1, count),
                        List.of(share + " %, decay 1", share + " %, no decay", more + " %, decay 1"),
                        modulus,
                        steps)
                .section(folder.path())
                .toString();
    }

    private List<Course> courses(Material material, int percent, double decay, int count) {
        AdderRecipe recipe =
                new AdderRecipe(new SumTable(modulus, percent / (double) WHOLE), decay, channels, HEADS, steps, EVERY);
        return LongStream.rangeClosed(1, count)
                .mapToObj(seed -> Course.of(material.measured(recipe, seed)))
                .toList();
    }
}
