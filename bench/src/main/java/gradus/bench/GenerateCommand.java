package gradus.bench;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Rng;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What a token costs when a model of GPT-2's size writes, beside what reading the weights once costs. Memory is
/// measured anew after each token, since what else the machine does changes both from second to second.
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

    @Override
    public Integer call() {
        Gpt gpt = new Gpt(GPT2, Rng.of(1));
        double bytes = 4.0 * (gpt.parameterCount() - (long) GPT2.context() * GPT2.dim()); // one row of the positions
        System.out.printf(
                "gpt2: %,d parameters, %.0f MB of weights a step; prompt of %d, %d tokens more%n",
                gpt.parameterCount(), bytes / 1e6, PROMPT, tokens);
        System.out.printf(
                "  %5s %9s %10s %12s %9s %13s%n",
                "texts", "ms/step", "tokens/s", "memory GB/s", "bound ms", "of the bound");
        try (MemoryBandwidth memory = new MemoryBandwidth()) {
            steps(gpt, batches.getFirst(), memory); // to warm up
            for (int batch : batches) {
                List<Step> steps = steps(gpt, batch, memory);
                double millis = median(steps, Step::millis);
                double speed = median(steps, Step::gigabytes);
                System.out.printf(
                        "  %5d %9.2f %10.1f %12.1f %9.2f %12.0f%%%n",
                        batch,
                        millis,
                        1e3 * batch / millis,
                        speed,
                        bytes / speed / 1e6,
                        100 * median(steps, step -> bytes / step.gigabytes / 1e6 / step.millis));
            }
        }
        return 0;
    }

    /// A token of each text, and how fast memory was right after it.
    private record Step(double millis, double gigabytes) {}

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
                steps.add(new Step(millis, memory.reading()));
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
