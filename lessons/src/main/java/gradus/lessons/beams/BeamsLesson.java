package gradus.lessons.beams;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.generate.BeamSearch;
import gradus.train.generate.BeamSearch.Beam;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Beam searches of several widths in models with random weights.
public final class BeamsLesson {
    private static final int[] PROMPT = {0};
    private static final int LIMIT = 8;
    private static final int MODELS = 8;

    private BeamsLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Beam search",
                BeamsLesson.class,
                BeamStepExercise.exercise(),
                BeamTextsExercise.exercise(),
                BeamCachesExercise.exercise());
    }

    public static void main(String[] arguments) {
        double[] widths = {1, 2, 4, 8};
        double[] means = new double[widths.length];
        for (int i = 0; i < widths.length; i++) {
            for (int seed = 0; seed < MODELS; seed++) {
                means[i] += best(model(seed), (int) widths[i]).logProbability() / MODELS;
            }
            System.out.printf(Locale.ROOT, "%2.0f beams: log-probability %.3f%n", widths[i], means[i]);
        }
        LinePlot.of("the best text of 8 tokens, mean of 8 models", "beams", "log-probability")
                .line("beam search", widths, means)
                .save("beams-width");
        lengths();
    }

    /// A small model with large random weights, so that it is sure of something.
    private static Gpt model(int seed) {
        Gpt gpt = new Gpt(new GptConfig(12, 16, 2, 2, 16, 0.0), Rng.of(seed)).eval();
        for (Tensor each : gpt.parameters()) {
            if (each.rank() == 2) {
                each.copyFrom(each.detach().mul(12));
            }
        }
        return gpt;
    }

    private static Beam best(Gpt gpt, int beams) {
        return new BeamSearch(gpt, beams).search(PROMPT, LIMIT, -1).getFirst();
    }

    private static void lengths() {
        System.out.println("length of the best text of 8 models, token 3 ends:");
        for (double alpha : new double[] {0, 0.5, 1, 2}) {
            double sum = 0;
            for (int seed = 0; seed < MODELS; seed++) {
                List<Beam> found = new BeamSearch(model(seed), 6, alpha).search(PROMPT, LIMIT, 3);
                sum += found.getFirst().tokens().length;
            }
            System.out.printf(Locale.ROOT, "length penalty %.1f: %.1f tokens%n", alpha, sum / MODELS);
        }
        System.out.println("the first model's best text: "
                + Arrays.toString(best(model(0), 6).tokens()));
    }
}
