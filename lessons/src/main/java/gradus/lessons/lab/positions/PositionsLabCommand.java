package gradus.lessons.lab.positions;

import gradus.error.UsageException;
import gradus.lessons.lab.material.LabPart;
import gradus.lessons.lab.material.LabSetting;
import gradus.lessons.lab.material.Material;
import gradus.lessons.lab.material.Training;
import gradus.lessons.lab.option.Experiment;
import gradus.lessons.lab.option.LabSeeds;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus lab positions`
@Command(
        name = "positions",
        description = {
            "Trains small models of every kind of position on windows of 64 tokens and lets",
            "them read up to eight times as many: the loss by position (part length),",
            "rotary positions stretched in every way, without training and with a little",
            "(part stretch), and a passkey found by depth and length (part passkey). Each",
            "says first what it expects. The models are kept in the folder's material/ and",
            "used again."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus lab positions --out lab",
            "  gradus lab positions --out lab --data shakespeare.txt --parts length,stretch",
            "  gradus lab positions --out lab --steps 40 --passkey-steps 40 --seeds 1"
        })
public final class PositionsLabCommand extends Experiment {
    private static final int CONTEXT = 64;
    private static final int VOCABULARY = 512;
    private static final int LONGER = 4;
    private static final int TEXTS = 20;

    @Option(names = "--data", paramLabel = "<file>", description = "a text; default WordNet's nouns")
    private Path data;

    @Option(
            names = {"--parts", "--part"},
            paramLabel = "<part>",
            split = ",",
            description = "only these of length, stretch and passkey; default all")
    private List<String> parts = List.of();

    @Option(
            names = "--steps",
            paramLabel = "<n>",
            description = "steps that a model learns the text; default ${DEFAULT-VALUE}")
    private int steps = 500;

    @Option(
            names = "--longer-steps",
            paramLabel = "<n>",
            description = "steps at the longer length; default ${DEFAULT-VALUE}")
    private int longerSteps = 40;

    @Option(
            names = "--passkey-steps",
            paramLabel = "<n>",
            description = "steps that a model learns to find passkeys; default ${DEFAULT-VALUE}")
    private int passkeySteps = 500;

    @Option(
            names = "--windows",
            paramLabel = "<n>",
            description = "windows of 512 tokens that are measured; default ${DEFAULT-VALUE}")
    private int windows = 32;

    @Mixin
    private LabSeeds seeds = new LabSeeds(3);

    public PositionsLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() {
        int count = seeds.count();
        if (windows < 1) {
            throw new UsageException("--windows must be at least 1; got " + windows);
        }
        List<LabPart> asked = asked();
        Material material = new Material(output().path().resolve("material"), output()::say);
        LabSetting setting = new LabSetting(output().folder(), material, 1, count, output()::say);
        StringBuilder report = new StringBuilder();
        for (LabPart part : asked) {
            output().predict(part.name() + ": " + part.about(), part.prediction());
            report.append(report.isEmpty() ? "" : "\n").append(part.run(setting));
            output().keep(report.toString());
        }
        return report.toString();
    }

    private List<LabPart> asked() {
        List<String> known = List.of("length", "stretch", "passkey");
        for (String name : parts) {
            if (!known.contains(name)) {
                throw new UsageException("--parts must be of %s; got %s".formatted(String.join(", ", known), name));
            }
        }
        LengthPlan reader = of(() -> new LengthPlan(CONTEXT, 2, 4, 64, 16, new Training(steps, 1e-2)));
        LengthPlan finder = of(() -> new LengthPlan(CONTEXT, 2, 4, 64, 32, new Training(passkeySteps, 6e-3)));
        Training more = of(() -> new Training(longerSteps, 2e-3));
        boolean reads = parts.isEmpty() || !parts.equals(List.of("passkey"));
        PositionText text =
                reads ? data == null ? PositionText.nouns(VOCABULARY) : PositionText.file(data, VOCABULARY) : null;
        LengthPart length = new LengthPart(reader, text, windows);
        StretchPart stretch =
                new StretchPart(length, new Continuation(LONGER * CONTEXT, reader.batch() / LONGER, more));
        return List.<LabPart>of(length, stretch, new PasskeyPart(finder, TEXTS)).stream()
                .filter(part -> parts.isEmpty() || parts.contains(part.name()))
                .toList();
    }
}
