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

/// What a token costs when a model of GPT-2's size writes, beside what reading the weights once costs: both are
/// measured in turns, and compared within a turn.
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

    @Option(
            names = "--rounds",
            description = "how often memory and every number of texts take their turn; default: ${DEFAULT-VALUE}")
    private int rounds = 5;

    @Override
    public Integer call() {
        Gpt gpt = new Gpt(GPT2, Rng.of(1));
        double bytes = 4.0 * (gpt.parameterCount() - (long) GPT2.context() * GPT2.dim()); // one row of the positions
        System.out.printf("gpt2: %,d parameters, prompt of %d, %d tokens more%n", gpt.parameterCount(), PROMPT, tokens);
        double[] bounds = new double[rounds];
        double[][] millis = new double[batches.size()][rounds];
        try (MemoryBandwidth memory = new MemoryBandwidth()) {
            millis(gpt, batches.getFirst()); // to warm up
            for (int round = 0; round < rounds; round++) {
                bounds[round] = bytes / memory.reading() / 1e6;
                for (int b = 0; b < batches.size(); b++) {
                    millis[b][round] = millis(gpt, batches.get(b));
                }
            }
        }
        System.out.printf(
                "  memory reads %.1f GB/s, the weights are %.0f MB: %.2f ms at least%n",
                bytes / median(bounds) / 1e6, bytes / 1e6, median(bounds));
        System.out.printf("  %5s %9s %10s %13s%n", "texts", "ms/step", "tokens/s", "of the bound");
        for (int b = 0; b < batches.size(); b++) {
            double[] steps = millis[b];
            double step = median(steps);
            double part = median(IntStream.range(0, rounds)
                    .mapToDouble(round -> bounds[round] / steps[round])
                    .toArray());
            System.out.printf(
                    "  %5d %9.2f %10.1f %12.0f%%%n", batches.get(b), step, 1e3 * batches.get(b) / step, 100 * part);
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
        return median(IntStream.range(1, tokens)
                .mapToDouble(i -> (times[i] - times[i - 1]) / 1e6)
                .toArray());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
