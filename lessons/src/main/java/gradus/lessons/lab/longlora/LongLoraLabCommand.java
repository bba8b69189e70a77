package gradus.lessons.lab.longlora;

import gradus.error.UsageException;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.Targets;
import gradus.layers.model.LanguageModel;
import gradus.lessons.lab.option.Experiment;
import gradus.lessons.lab.option.LabSeeds;
import gradus.tensor.random.Rng;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.finetune.LongLoraTuning;
import gradus.train.finetune.Tuned;
import gradus.train.optimizer.ParameterGroups;
import gradus.train.run.compare.Interval;
import gradus.train.task.Evaluation;
import gradus.train.task.LanguageModelling;
import gradus.train.task.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus lab longlora`
@Command(
        name = "longlora",
        description = {
            "Trains a small Llama with a context of 64 on WordNet in its own order, in",
            "which neighbours are related, and makes the context 256: with LoRA alone, with",
            "the norms, with the table of tokens, with both (LongLoRA), and with everything",
            "trained, all by shifted sparse attention. The table has losses on text held",
            "out, of whole contexts of 256 with full attention, with 95 %% intervals over",
            "the seeds."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus lab longlora --out lab",
            "  gradus lab longlora --out lab --base-steps 100 --steps 10 --seeds 1"
        })
public final class LongLoraLabCommand extends Experiment {
    private static final int LONG = 256;
    private static final int GROUP = 64;
    private static final int BATCH = 8;
    private static final LoraConfig LORA = LoraConfig.of(Targets.named(List.of("q_proj", "k_proj", "v_proj", "o_proj")))
            .withR(8)
            .withAlpha(16);

    @Option(names = "--base-steps", paramLabel = "<n>", description = "steps that train the base; default 1500")
    private int baseSteps = 1500;

    @Option(names = "--steps", paramLabel = "<n>", description = "steps of each fine-tuning; default 150")
    private int steps = 150;

    @Mixin
    private LabSeeds seeds = new LabSeeds(3);

    public LongLoraLabCommand(Console console) {
        super(console);
    }

    /// What is trained.
    ///
    /// @param full whether everything is
    private record Way(String name, boolean embeddings, boolean norms, boolean full, double lr) {}

    private static final List<Way> WAYS = List.of(
            new Way("LoRA", false, false, false, 2e-3),
            new Way("LoRA + norms", false, true, false, 2e-3),
            new Way("LoRA + table", true, false, false, 2e-3),
            new Way("LoRA + table + norms (LongLoRA)", true, true, false, 2e-3),
            new Way("everything", true, true, true, 1e-3));

    @Override
    protected String tables() {
        if (baseSteps < 1 || steps < 1) {
            throw new UsageException(
                    "--base-steps and --steps must be at least 1; got %s and %s".formatted(baseSteps, steps));
        }
        int count = seeds.count();
        output().folder();
        output().say("the base: " + baseSteps + " steps with a context of 64");
        LongLoraBase base = LongLoraBase.of(output().path(), baseSteps, output()::say);
        StringBuilder table = new StringBuilder("| trained | numbers | loss at 256 |\n|---|---|---|\n");
        row(table, "nothing, positions as they were", 0, List.of(loss(base.longer(1), base)));
        row(table, "nothing, positions interpolated", 0, List.of(loss(base.longer(4), base)));
        for (Way way : WAYS) {
            List<Double> losses = new ArrayList<>();
            long trained = 0;
            for (long seed = 1; seed <= count; seed++) {
                Tuned tuned = tune(base, way, seed);
                trained = way.full ? tuned.baseParameters() : tuned.trainedParameters();
                losses.add(loss(tuned.model(), base));
                output().say(String.format(Locale.ROOT, "%s, seed %d: %.4f", way.name, seed, losses.getLast()));
            }
            row(table, way.name, trained, losses);
        }
        return table.toString();
    }

    private Tuned tune(LongLoraBase base, Way way, long seed) {
        Rng rng = Rng.of(seed);
        Tuned tuned =
                new LongLoraTuning(LORA, LONG, GROUP, way.embeddings, way.norms, 1).on(base.open(), rng.at("adapter"));
        if (way.full) {
            tuned.adapter().remove("default");
            tuned.model().unfreeze();
        }
        TrainConfig config = TrainConfig.defaults()
                .withSeed(seed)
                .withSteps(steps)
                .withWarmup(steps / 10)
                .withLr(way.lr)
                .withMinLr(way.lr / 10)
                .withWeightDecay(0)
                .withEvalEvery(0);
        LanguageModelling task = new LanguageModelling(
                tuned.model(), base.split(), new LanguageModelling.Sizes(BATCH, 1), rng.at("batches"));
        ParameterGroups groups = ParameterGroups.trained(tuned.model().namedParameters());
        new Trainer(task, config.optimizer().of(groups, config.adam()), config.newSchedule(), config.loop()).run();
        tuned.model().eval();
        return tuned;
    }

    private static double loss(LanguageModel model, LongLoraBase base) {
        return new Evaluation(model, Loss.crossEntropy(), BATCH)
                .part(base.split().validation(), 40);
    }

    private static void row(StringBuilder table, String name, long trained, List<Double> losses) {
        table.append(String.format(Locale.ROOT, "| %s | %,d | %s |%n", name, trained, Interval.of(losses)));
    }
}
