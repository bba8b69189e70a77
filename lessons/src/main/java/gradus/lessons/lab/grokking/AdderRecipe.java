package gradus.lessons.lab.grokking;

import static gradus.error.ConfigException.require;

import gradus.lessons.lab.grokking.SumTable.Sums;
import gradus.lessons.lab.material.Recipe;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.op.CrossEntropy;
import gradus.tensor.random.Rng;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.Weights;
import gradus.train.schedule.ScheduleKind;
import gradus.train.task.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// A model that learns a part of a table of sums, all of it in every step, and is measured on the way by that
/// part and by the rest. It ends early once the rest has been right for some measures in a row.
///
/// @param table what is learned
/// @param decay λ of AdamW
/// @param dim   C
/// @param heads of attention
/// @param steps at most
/// @param every how many steps there is a measure
record AdderRecipe(SumTable table, double decay, int dim, int heads, int steps, int every) implements Recipe {
    /// Of the sums: so many are right when a model is said to know them.
    static final double KNOWN = 0.99;

    /// Frequencies whose energy is measured.
    static final int STRONGEST = 5;

    private static final int IN_A_ROW = 5; // measures
    private static final int WARMUP = 10;
    private static final double LR = 1e-3;
    private static final double BETA2 = 0.98;
    private static final int PARTS = 100; // of a share or a decay in a name

    /// @throws gradus.error.ConfigException if there is nothing to measure
    AdderRecipe {
        require(steps > WARMUP, "a training needs more than %d steps; got %d", WARMUP, steps);
        require(every >= 1, "a measure must come every step or less often; got %d", every);
        require(decay >= 0, "the decay must be at least 0; got %s", decay);
    }

    @Override
    public String name() {
        return "sums-%s-share-%s-decay-%s"
                .formatted(table.p(), Math.round(PARTS * table.share()), Math.round(PARTS * decay));
    }

    /// @return of each measure: `step`, and the shares of right answers `learned` and `heldOut`; and the
    ///     share of
    ///     the strongest frequencies in the energy of the embedding `before` training, `after` it, and of its
    ///     vectors in random order, `shuffled`
    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        int p = table.p();
        Rng drawn = Rng.of(seed).at("table");
        Sums learned = table.learned(drawn);
        Sums heldOut = table.heldOut(drawn);
        ModularAdder model = new ModularAdder(p, dim, heads, Rng.of(seed).at("model"));
        double before = Frequencies.strongest(model.numbers().toArray(), p, STRONGEST);
        Trainer trainer = Trainer.of(new Lessons(model, learned), config(seed));
        List<Integer> measured = new ArrayList<>();
        List<Double> known = new ArrayList<>();
        List<Double> understood = new ArrayList<>();
        trainer.listen(new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (report.step() % every == 0 || report.step() == steps) {
                    measured.add(report.step());
                    known.add(accuracy(model, learned));
                    understood.add(accuracy(model, heldOut));
                    int from = understood.size() - IN_A_ROW;
                    if (from >= 0
                            && understood.subList(from, understood.size()).stream()
                                    .allMatch(each -> each >= KNOWN)) {
                        trainer.requestStop();
                    }
                }
            }
        });
        trainer.run();
        Weights.save(folder.resolve("weights.safetensors"), model);
        say.accept(String.format(
                Locale.ROOT,
                "%s, seed %d: after %d steps, %.1f %% of the sums it learned and %.1f %% of the others are right",
                name(),
                seed,
                measured.getLast(),
                100 * known.getLast(),
                100 * understood.getLast()));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("step", measured);
        result.put("learned", known);
        result.put("heldOut", understood);
        result.put("before", before);
        double[] numbers = model.numbers().toArray();
        result.put("after", Frequencies.strongest(numbers, p, STRONGEST));
        double[] shuffled = table.shuffled(numbers, Rng.of(seed).at("shuffled"));
        result.put("shuffled", Frequencies.strongest(shuffled, p, STRONGEST));
        return result;
    }

    private TrainConfig config(long seed) {
        return TrainConfig.defaults()
                .withSeed(seed)
                .withSteps(steps)
                .withSchedule(ScheduleKind.CONSTANT)
                .withLr(LR)
                .withMinLr(LR)
                .withWarmup(WARMUP)
                .withBeta2(BETA2)
                .withWeightDecay(decay)
                .withClip(0)
                .withEvalEvery(0)
                .withCheckpointEvery(0);
    }

    /// The share of sums that the model says right.
    static double accuracy(ModularAdder model, Sums sums) {
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            int[] said = model.forward(sums.pairs()).argmax(1).values();
            int right = 0;
            for (int i = 0; i < said.length; i++) {
                right += said[i] == sums.targets().get(i) ? 1 : 0;
            }
            return (double) right / said.length;
        }
    }

    private record Lessons(ModularAdder model, Sums sums) implements Task {
        @Override
        public List<Part> parts(int step) {
            return List.of(new Part() {
                @Override
                public long counted() {
                    return sums.targets().size();
                }

                @Override
                public long tokens() {
                    return sums.pairs().size();
                }

                @Override
                public Tensor loss() {
                    Tensor logits = model.forward(sums.pairs()); // (B, p)
                    return CrossEntropy.mean(logits, sums.targets(), CrossEntropy.IGNORE_INDEX, 0); // ()
                }
            });
        }

        @Override
        public String fingerprint() {
            return "sums " + sums.targets().size();
        }
    }
}
