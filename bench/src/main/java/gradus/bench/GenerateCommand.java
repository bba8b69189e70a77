package gradus.bench;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Rng;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What a token costs when a model of GPT-2's size writes, beside what reading the weights once costs.
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
        double bandwidth = MemoryBandwidth.reading();
        Gpt gpt = new Gpt(GPT2, Rng.of(1));
        double read = 4.0 * (gpt.parameterCount() - (long) GPT2.context() * GPT2.dim()); // one row of the positions
        double bound = read / bandwidth / 1e6;
        System.out.printf("gpt2: %,d parameters, prompt of %d, %d tokens more%n", gpt.parameterCount(), PROMPT, tokens);
        System.out.printf(
                "  memory reads %.1f GB/s, the weights are %.0f MB: %.2f ms at least%n", bandwidth, read / 1e6, bound);
        System.out.printf("  %5s %9s %10s %13s%n", "texts", "ms/step", "tokens/s", "of the bound");
        for (int batch : batches) {
            double millis = millis(gpt, batch);
            System.out.printf(
                    "  %5d %9.2f %10.1f %12.0f%%%n", batch, millis, 1e3 * batch / millis, 100 * bound / millis);
        }
        return 0;
    }

    /// The median over the tokens after the first, which pays for the prompt.
    private double millis(Gpt gpt, int batch) {
        List<int[]> prompts = IntStream.range(0, batch)
                .mapToObj(text ->
                        IntStream.range(0, PROMPT).map(i -> 1000 * text + i).toArray())
                .toList();
        long[] times = new long[tokens];
        int[] count = {0};
        new Generator(gpt, Sampling.greedy()).generate(prompts, tokens, Rng.of(1), (text, token) -> {
            if (text == 0) {
                times[count[0]++] = System.nanoTime();
            }
            return true;
        });
        double[] steps = IntStream.range(1, tokens)
                .mapToDouble(i -> (times[i] - times[i - 1]) / 1e6)
                .sorted()
                .toArray();
        return Arrays.stream(steps).skip(steps.length / 2).findFirst().orElseThrow();
    }
}
