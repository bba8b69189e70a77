package gradus.bench;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.random.Rng;
import gradus.train.cli.machine.MemoryBandwidth;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What a token costs when a model of GPT-2's size writes, beside what reading the weights and the cached
/// keys and values once costs. Memory is measured anew after each token, since what else the machine does
/// changes both from second to second.
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = "Times generation with a cache of keys and values against the memory's bandwidth.")
final class GenerateCommand implements Callable<Integer> {
    private static final GptConfig GPT2 = new GptConfig(50257, 1024, 12, 12, 768, 0);
    private static final int PROMPT = 32;

    @Option(names = "--tokens", description = "how many are written and timed; default: ${DEFAULT-VALUE}")
    private int tokens = 128;

    @Option(names = "--batches", split = ",", description = "how many texts at once; default: ${DEFAULT-VALUE}")
    private List<Integer> batches = List.of(1, 2, 4, 8);

    private GenerationBound bound;

    @Override
    public Integer call() {
        Gpt gpt = new Gpt(GPT2, Rng.of(1));
        bound = new GenerationBound(gpt, GPT2);
        System.out.printf("gpt2: %,d parameters, prompt of %d, %d tokens more%n", gpt.parameterCount(), PROMPT, tokens);
        System.out.printf(
                "a step reads %.0f MB of weights, and %.3f MB of keys and values for each token of each text%n",
                bound.weights() / 1e6, bound.cached() / 1e6);
        System.out.printf(
                "  %5s %9s %10s %12s %9s %13s %17s%n",
                "texts", "ms/step", "tokens/s", "memory GB/s", "bound ms", "of the bound", "of weights alone");
        try (MemoryBandwidth memory = new MemoryBandwidth()) {
            steps(gpt, batches.getFirst(), memory); // to warm up
            for (int batch : batches) {
                List<Step> steps = steps(gpt, batch, memory);
                System.out.printf(
                        "  %5d %9.2f %10.1f %12.1f %9.2f %12.0f%% %16.0f%%%n",
                        batch,
                        median(steps, Step::millis),
                        median(steps, step -> 1e3 * batch / step.millis),
                        median(steps, Step::gigabytes),
                        median(steps, Step::bound),
                        100 * median(steps, step -> step.bound() / step.millis),
                        100 * median(steps, step -> bound.weights() / step.gigabytes / 1e6 / step.millis));
            }
        }
        return 0;
    }

    /// A token of each text.
    ///
    /// @param gigabytes that memory gave in a second, right after it
    /// @param bytes     that it had to read at least
    private record Step(double millis, double gigabytes, double bytes) {
        /// How many milliseconds reading takes.
        double bound() {
            return bytes / gigabytes / 1e6;
        }
    }

    /// The tokens after the first, which pays for the prompt.
    private List<Step> steps(Gpt gpt, int batch, MemoryBandwidth memory) {
        List<int[]> prompts = IntStream.range(0, batch)
                .mapToObj(text ->
                        IntStream.range(0, PROMPT).map(i -> 1000 * text + i).toArray())
                .toList();
        List<Step> steps = new ArrayList<>();
        long[] start = {0};
        new Generator(gpt, Sampling.greedy()).generate(prompts, tokens, Rng.of(1), (text, token) -> {
            if (text == 0) {
                double millis = (System.nanoTime() - start[0]) / 1e6;
                double bytes = bound.step(batch, PROMPT + steps.size());
                steps.add(new Step(millis, memory.reading(), bytes));
                start[0] = System.nanoTime();
            }
            return true;
        });
        return steps.subList(1, steps.size());
    }

    private static double median(List<Step> steps, ToDoubleFunction<Step> of) {
        double[] sorted = steps.stream().mapToDouble(of).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
