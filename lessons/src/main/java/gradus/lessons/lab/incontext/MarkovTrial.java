package gradus.lessons.lab.incontext;

import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Positions;
import gradus.lessons.lab.material.FreshBatches;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.StepReport;
import gradus.train.TrainingListener;
import gradus.train.task.Batch;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// A model that learns Markov chains in context, measured on its way.
final class MarkovTrial {
    private static final int HEADS = 4;
    private static final double THETA = 1e3;

    private final MarkovRecipe plan;
    private final MarkovSequences lessons;
    private final int[][] tests;
    private final Rng rng;
    private final Gpt model;

    /// @param tests sequences that it is measured by
    MarkovTrial(MarkovRecipe plan, int[][] tests, Rng rng) {
        this.plan = plan;
        this.lessons = new MarkovSequences(plan.states(), plan.length(), plan.independent());
        this.tests = tests;
        this.rng = rng;
        GptConfig size = new GptConfig(plan.states(), plan.length(), plan.layers(), HEADS, plan.dim(), 0)
                .withPosition(new Positions.Rope(THETA));
        this.model = new Gpt(size, rng.at("weights"));
    }

    /// What is trained.
    LanguageModel model() {
        return model;
    }

    /// How far a model is from each strategy.
    ///
    /// @param step     after how many
    /// @param distance `KL(strategy ‖ model)`, the mean over places, in nats
    /// @param loss     cross-entropy of the model, in nats
    record Point(int step, Map<Strategy, Double> distance, double loss) {}

    /// Trains the model and measures it before the first step and at these.
    List<Point> run(List<Integer> steps) {
        List<Point> points = new ArrayList<>(List.of(measure(0)));
        FreshBatches task = new FreshBatches(model, this::batch, "markov");
        plan.training().run(task, rng.at("seed").bits(0), new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (steps.contains(report.step())) {
                    points.add(measure(report.step()));
                }
            }
        });
        return points;
    }

    private Batch batch(int step) {
        int[][] drawn = lessons.draw(plan.batch(), rng.at("lessons").at(step));
        return new Batch(ids(drawn, 0), ids(drawn, 1));
    }

    /// All but the last token of each, or all but the first.
    private Indices ids(int[][] sequences, int from) {
        int time = plan.length() - 1;
        int[] ids = new int[sequences.length * time];
        for (int i = 0; i < sequences.length; i++) {
            System.arraycopy(sequences[i], from, ids, i * time, time);
        }
        return Indices.of(Shape.of(sequences.length, time), ids); // (B, T - 1)
    }

    private Point measure(int step) {
        double[] logs;
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            logs = model.forward(ids(tests, 0)).logSoftmax(-1).toArray(); // (N, T - 1, k)
        }
        return point(step, logs, tests, plan.states());
    }

    /// **Shapes** logs (N, T - 1, k), tests (N, T)
    static Point point(int step, double[] logs, int[][] tests, int states) {
        Map<Strategy, Double> distance = new EnumMap<>(Strategy.class);
        double loss = 0;
        int places = tests.length * (tests[0].length - 1);
        for (Strategy strategy : Strategy.values()) {
            double sum = 0;
            int row = 0;
            for (int[] test : tests) {
                for (int time = 1; time < test.length; time++, row += states) {
                    for (int next = 0; next < states; next++) {
                        double p = strategy.probability(test, time, next, states);
                        sum += p * (Math.log(p) - logs[row + next]);
                    }
                }
            }
            distance.put(strategy, sum / places);
        }
        int row = 0;
        for (int[] test : tests) {
            for (int time = 1; time < test.length; time++, row += states) {
                loss -= logs[row + test[time]];
            }
        }
        return new Point(step, distance, loss / places);
    }

    /// Cross-entropy of a strategy, in nats.
    static double loss(Strategy strategy, int[][] tests, int states) {
        double sum = 0;
        for (int[] test : tests) {
            for (int time = 1; time < test.length; time++) {
                sum -= Math.log(strategy.probability(test, time, test[time], states));
            }
        }
        return sum / tests.length / (tests[0].length - 1);
    }
}
