package gradus.lessons.lab.emergence;

import gradus.error.UsageException;
import gradus.lessons.lab.material.Material;
import gradus.lessons.lab.material.ModelPlan;
import gradus.lessons.lab.option.Experiment;
import gradus.lessons.lab.option.LabFolder;
import gradus.lessons.lab.option.LabSeeds;
import gradus.lessons.lab.option.LabSteps;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus lab emergence`
@Command(
        name = "emergence",
        description = {
            "Trains small models of several sizes to add, and measures on the way, of the",
            "same sums, how often all digits are right, how often one is, and how likely",
            "the right one is. What is expected: the first rises all at once, the others",
            "little by little, and the logarithm of the first is a straight line in the",
            "number of digits. The models are kept in the folder's models/."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Interrupted, it goes on with the models that are missing in --out.",
            "",
            "Examples:",
            "  gradus lab emergence --out lab",
            "  gradus lab emergence --out lab --digits 3 --steps 40 --seeds 1"
        })
public final class EmergenceLabCommand extends Experiment {
    private static final List<Integer> CHANNELS = List.of(16, 32, 64);
    private static final int MEASURES = 32;
    private static final int LEAST = 3;
    private static final int MOST = 8;
    private static final int CARRIED = 4; // digits of a number with carries: of more, this size learns little in time
    private static final int BATCH = 64;
    private static final double LR = 1e-2;

    @Option(
            names = "--digits",
            paramLabel = "<n>",
            description = "digits of a sum without carries, 3 to 8; default 8; with carries at most 5")
    private int digits = 8;

    @Option(names = "--sums", paramLabel = "<n>", description = "sums to measure with; default 1000")
    private int sums = 1000;

    @Mixin
    private LabSteps steps = new LabSteps(400);

    @Mixin
    private LabSeeds seeds = new LabSeeds(5);

    public EmergenceLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() {
        if (sums < 1) {
            throw new UsageException("--sums must be at least 1; got " + sums);
        }
        int count = seeds.count();
        int each = steps.count();
        if (digits < LEAST || digits > MOST) {
            throw new UsageException("--digits must be 3 to 8; got " + digits);
        }
        LabFolder folder = output().folder();
        folder.claim(CheckpointJson.object()
                .put("experiment", "emergence")
                .put("digits", digits)
                .put("steps", each)
                .put("sums", sums));
        Material material = new Material(folder.path().resolve("models"), output()::say);
        int carried = Math.min(digits - 1, CARRIED);
        StringBuilder report = new StringBuilder();
        for (boolean carry : new boolean[] {false, true}) {
            int places = carry ? carried + 1 : digits;
            output().predict(
                            carry ? "sums with carries" : "sums without carries",
                            EmergencePart.prediction(carry, places));
            SequencedMap<String, List<Course>> courses = new LinkedHashMap<>();
            for (int dim : CHANNELS) {
                AdditionLearner learner = new AdditionLearner(
                        carry, new ModelPlan(2, 4, dim, each, BATCH, LR), carry ? carried : digits, MEASURES, sums);
                List<Course> own = new ArrayList<>();
                for (long seed = 1; seed <= count; seed++) {
                    own.add(Course.of(learner, material.measured(learner, seed)));
                }
                courses.put(String.valueOf(dim), own);
            }
            report.append(new EmergencePart(carry, courses, places).section(folder.path()));
            output().keep(report.toString());
        }
        return report.toString();
    }
}
