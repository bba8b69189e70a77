package gradus.lessons.softprompts;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.optimizer.AdamConfig;
import gradus.train.optimizer.AdamW;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/// A frozen model that is told what to do by learnt rows, or by learnt keys and values.
public final class SoftPromptsLesson {
    private static final int STEPS = 100;

    private SoftPromptsLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Soft prompts and prefixes",
                SoftPromptsLesson.class,
                PromptInputsExercise.exercise(),
                PromptLossExercise.exercise(),
                PrefixAttentionExercise.exercise());
    }

    public static void main(String[] arguments) {
        Counter counter = new Counter();
        counter.train();
        words(counter);
        LinePlot plot = LinePlot.of("a frozen model learns to count by 3", "step", "loss")
                .logarithmicY();
        prompt(plot, counter, "one slot, rate 0.1", 1, 3, 0.1);
        prompt(plot, counter, "one slot, rate 0.001", 1, 3, 0.001);
        prompt(plot, counter, "four slots, rate 0.1", 4, 3, 0.1);
        prefix(plot, counter, "prefix of one", 1, 3);
        plot.save("softprompts-loss");
        LinePlot unknown = LinePlot.of("", "", "");
        prompt(unknown, counter, "steps of 7, one slot", 1, 7, 0.1);
        prompt(unknown, counter, "steps of 7, four slots", 4, 7, 0.1);
    }

    /// Each of the instructions as a prompt of one row.
    private static void words(Counter counter) {
        for (int word = 0; word < 4; word++) {
            Tensor row = counter.table.slice(0, 10 + word, 11 + word);
            System.out.printf(
                    Locale.ROOT,
                    "texts that count by 3 behind the word +%d: loss %.1f%n",
                    word + 1,
                    counter.prompted(row, 3, 1000).item());
        }
    }

    private static void prompt(LinePlot plot, Counter counter, String name, int slots, int by, double rate) {
        Tensor prompt = Tensor.randn(Rng.of(20), slots, Counter.SIZE).mul(0.2).requireGrad();
        learn(plot, name, List.of(prompt), rate, step -> counter.prompted(prompt, by, step));
    }

    private static void prefix(LinePlot plot, Counter counter, String name, int slots, int by) {
        Tensor keys = Tensor.randn(Rng.of(21), slots, Counter.SIZE).mul(0.2).requireGrad();
        Tensor values = Tensor.randn(Rng.of(22), slots, Counter.SIZE).mul(0.2).requireGrad();
        learn(plot, name, List.of(keys, values), 0.1, step -> counter.prefixed(keys, values, by, step));
    }

    private static void learn(
            LinePlot plot, String name, List<Tensor> learnt, double rate, IntFunction<Tensor> lossAt) {
        AdamW adam = new AdamW(learnt, AdamConfig.defaults().withWeightDecay(0));
        double[] losses = new double[STEPS + 1];
        for (int step = 0; step <= STEPS; step++) {
            adam.zeroGrad();
            Tensor loss = lossAt.apply(step);
            losses[step] = loss.item();
            loss.backward();
            adam.step(rate);
        }
        plot.line(name, losses);
        int numbers = learnt.stream().mapToInt(Tensor::size).sum();
        System.out.printf(
                Locale.ROOT,
                "%-23s %3d numbers: loss %.1f before, %.1f after %d steps%n",
                name + ",",
                numbers,
                losses[0],
                losses[STEPS],
                STEPS);
    }
}
