package gradus.lessons.lab.attention;

import gradus.error.UsageException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.lessons.lab.attention.AttentionPart.Kind;
import gradus.lessons.lab.material.GptSize;
import gradus.lessons.lab.material.HeldOutText;
import gradus.lessons.lab.material.LabText;
import gradus.lessons.lab.material.Material;
import gradus.lessons.lab.option.Experiment;
import gradus.lessons.lab.option.LabFolder;
import gradus.lessons.lab.option.LabSeeds;
import gradus.lessons.lab.option.LabSteps;
import gradus.tensor.random.Rng;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `gradus lab attention`
@Command(
        name = "attention",
        description = {
            "Trains a small GPT with every kind of attention on the same text for the same",
            "operations, and measures its loss, its operations a token, what it keeps a",
            "token when it decodes, and how long a step takes. What is expected: none is",
            "better than multi-head attention, and shared keys and values cost little for a",
            "small cache. What was measured of each training is kept in the folder's runs/."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Interrupted, it goes on with the runs that are missing in --out.",
            "",
            "Examples:",
            "  gradus lab attention --out lab",
            "  gradus lab attention --out lab --context 256 --seeds 1"
        })
public final class AttentionLabCommand extends Experiment {
    private static final GptSize SIZE = new GptSize(2, 4, 64);
    private static final int TOKENS = 1024; // of a step
    private static final int LEAST = 16;

    @Option(
            names = "--context",
            paramLabel = "<n>",
            description = "tokens of a sequence, 16 to 1024; a step has about 1024; default 128")
    private int context = 128;

    @Mixin
    private LabText text = new LabText(1 << 14);

    @Mixin
    private LabSteps steps = new LabSteps(400);

    @Mixin
    private LabSeeds seeds = new LabSeeds(3);

    public AttentionLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() {
        if (context < LEAST || context > TOKENS) {
            throw new UsageException("--context must be %s to %s; got %s".formatted(LEAST, TOKENS, context));
        }
        int count = seeds.count();
        int base = steps.count();
        int batch = TOKENS / context;
        HeldOutText characters = text.read(batch * context + 1);
        LabFolder folder = output().folder();
        folder.claim(CheckpointJson.object()
                .put("experiment", "attention")
                .put("context", context)
                .put("steps", base)
                .put("text", characters.sum()));
        Material material = new Material(folder.path().resolve("runs"), output()::say);
        AttentionKinds kinds = AttentionKinds.of(SIZE.config(characters.vocabulary(), context));
        kinds.refusals().forEach((name, why) -> output().say(name + " is not measured: " + why));
        output().predict("attention at equal compute", AttentionPart.prediction(context));
        return new AttentionPart(measured(kinds.works(), material, characters, base, count), kinds.refusals(), context)
                .section(folder.path())
                .toString();
    }

    /// Every kind is trained with a seed before any is with the next one: what else the machine does then falls on all.
    private SequencedMap<String, Kind> measured(
            Map<String, GptConfig> works, Material material, HeldOutText characters, int base, int count) {
        SequencedMap<String, Kind> kinds = new LinkedHashMap<>();
        works.forEach((name, config) -> {
            Gpt model = new Gpt(config, Rng.of(0)).eval();
            kinds.put(
                    name,
                    new Kind(
                            ForwardWork.of(model, context),
                            0,
                            CacheBytes.of(model),
                            new ArrayList<>(),
                            new ArrayList<>()));
        });
        double budget = base * kinds.get(AttentionKinds.BASE).work().training();
        kinds.replaceAll((name, kind) -> new Kind(
                kind.work(),
                (int) Math.max(2, Math.round(budget / kind.work().training())),
                kind.cache(),
                kind.bits(),
                kind.milliseconds()));
        for (long seed = 1; seed <= count; seed++) {
            for (Map.Entry<String, Kind> each : kinds.entrySet()) {
                JsonNode run = material.measured(
                        new AttentionRun(
                                each.getKey(),
                                works.get(each.getKey()),
                                TOKENS / context,
                                each.getValue().steps(),
                                characters),
                        seed);
                each.getValue().bits().add(run.path("bits").asDouble(Double.NaN));
                each.getValue().milliseconds().add(run.path("milliseconds").asDouble(Double.NaN));
            }
        }
        return kinds;
    }
}
