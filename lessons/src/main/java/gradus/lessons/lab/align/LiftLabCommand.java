package gradus.lessons.lab.align;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.lessons.lab.option.Experiment;
import gradus.lessons.lab.option.LabSeeds;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus lab lift`
@Command(
        name = "lift",
        description = {
            "Trains a small model on examples until it answers about a third of the",
            "questions, and lifts it by reinforcement. The table says what part of 500",
            "questions that are held out it answers before and after, and how long that",
            "took. dpo learns pairs of right and wrong answers that the model itself gave."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus lab lift --out lab",
            "  gradus lab lift --out lab --task sorting --method ppo --seeds 5"
        })
public final class LiftLabCommand extends Experiment {
    @Option(names = "--task", paramLabel = "<task>", description = "addition (the default) or sorting")
    private String task = "addition";

    @Option(
            names = "--method",
            paramLabel = "<method>",
            description = "grpo (the default), dr_grpo, dapo, rloo, ppo, expert or dpo")
    private String method = "grpo";

    @Option(
            names = "--lr",
            paramLabel = "<n>",
            description = "learning rate of reinforcement; default 1e-3 for addition, 3e-4 for sorting; ppo takes"
                    + " 0.3 of it, dpo 0.1")
    private Double lr;

    @Option(names = "--seed", paramLabel = "<n>", description = "the first seed; default 1")
    private long seed = 1;

    @Mixin
    private LabSeeds seeds = new LabSeeds(1);

    public LiftLabCommand(Console console) {
        super(console);
    }

    @Override
    protected String tables() {
        int count = seeds.count();
        if (!VerifiableTrial.METHODS.contains(method)) {
            throw new UsageException(
                    "--method must be one of %s; got %s".formatted(String.join(", ", VerifiableTrial.METHODS), method));
        }
        Recipe recipe = recipe();
        StringBuilder table = new StringBuilder("""
                | seed | steps of examples | greedy | pass@1 | pass@8 | steps of %s | seconds | greedy | pass@1 | pass@8 |
                |---|---|---|---|---|---|---|---|---|---|
                """.formatted(method));
        for (long each = seed; each < seed + count; each++) {
            VerifiableTrial trial = new VerifiableTrial(recipe, each, output()::say);
            int supervised = trial.supervise();
            String before = shown(trial.measure());
            long start = System.nanoTime();
            int steps = trial.reinforce(method);
            double seconds = (System.nanoTime() - start) * 1e-9;
            table.append(String.format(
                    Locale.ROOT,
                    "| %d | %,d | %s | %,d | %.0f | %s |%n",
                    each,
                    supervised,
                    before,
                    steps,
                    seconds,
                    shown(trial.measure())));
            output().keep(table.toString());
        }
        return table.toString();
    }

    private Recipe recipe() {
        if (lr != null && !(lr > 0 && Double.isFinite(lr))) {
            throw new UsageException("--lr must be a number above 0; got " + lr);
        }
        try {
            Recipe recipe = Recipe.of(task);
            return lr == null ? recipe : recipe.withLr(lr);
        } catch (ConfigException wrong) {
            throw new UsageException("--task: " + wrong.getMessage(), wrong);
        }
    }

    private static String shown(VerifiableTrial.Measured measured) {
        return List.of(measured.greedy(), measured.pass1(), measured.passK()).stream()
                .map(part -> String.format(Locale.ROOT, "%.1f %%", 100 * part))
                .reduce((a, b) -> a + " | " + b)
                .orElseThrow();
    }
}
