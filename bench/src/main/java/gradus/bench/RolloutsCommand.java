package gradus.bench;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.random.Rng;
import gradus.train.cli.machine.MemoryBandwidth;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import gradus.train.rl.Completion;
import gradus.train.rl.Rollouts;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What drawing with log-probabilities costs beside greedy generation of the same texts, and beside what reading the
/// weights and the cached keys and values takes at least. Memory is measured around each of them, since what else the
/// machine does changes it from second to second.
@Command(
        name = "rollouts",
        mixinStandardHelpOptions = true,
        description = "Times rollouts for reinforcement learning against plain generation of as many tokens.")
final class RolloutsCommand implements Callable<Integer> {
    private static final GptConfig GPT2 = new GptConfig(50257, 1024, 12, 12, 768, 0);
    private static final GptConfig SMALL = new GptConfig(13, 64, 4, 4, 96, 0);

    private static final int ROUNDS = 5;

    @Option(names = "--prompt", description = "tokens of each prompt; default: ${DEFAULT-VALUE}")
    private int prompt = 8;

    @Option(names = "--tokens", description = "how many are written for each text; default: ${DEFAULT-VALUE}")
    private int tokens = 32;

    @Option(names = "--batches", split = ",", description = "how many texts at once; default: ${DEFAULT-VALUE}")
    private List<Integer> batches = List.of(8, 64);

    @Override
    public Integer call() {
        try (MemoryBandwidth memory = new MemoryBandwidth()) {
            for (GptConfig size : List.of(SMALL.withContext(Math.max(SMALL.context(), prompt + tokens)), GPT2)) {
                Gpt gpt = new Gpt(size, Rng.of(1));
                System.out.printf(
                        "%,d parameters, vocabulary of %,d, prompt of %d, %d tokens more%n",
                        gpt.parameterCount(), size.vocabSize(), prompt, tokens);
                System.out.printf(
                        "  %5s %12s %12s %8s %21s %19s%n",
                        "texts", "generation/s", "rollouts/s", "ratio", "generation of bound", "rollouts of bound");
                GenerationBound bound = new GenerationBound(gpt, size);
                for (int batch : batches) {
                    measure(gpt, batch, bound.all(batch, prompt, tokens) / 1e9, memory);
                }
            }
        }
        return 0;
    }

    /// @param gigabytes that are read at least
    private void measure(Gpt gpt, int batch, double gigabytes, MemoryBandwidth memory) {
        List<int[]> prompts = IntStream.range(0, batch)
                .mapToObj(text -> IntStream.range(0, prompt)
                        .map(i -> (7 * text + i) % gpt.vocabSize())
                        .toArray())
                .toList();
        generation(gpt, prompts); // to warm up
        rollouts(gpt, prompts);
        double[][] speeds = new double[4][ROUNDS];
        for (int round = 0; round < ROUNDS; round++) { // in turn
            double before = memory.reading();
            double generation = generation(gpt, prompts);
            double between = memory.reading();
            double rollouts = rollouts(gpt, prompts);
            double after = memory.reading();
            double most = batch * tokens / gigabytes; // tokens a second for each GB/s
            speeds[0][round] = generation;
            speeds[1][round] = rollouts;
            speeds[2][round] = generation / (most * (before + between) / 2);
            speeds[3][round] = rollouts / (most * (between + after) / 2);
        }
        for (double[] each : speeds) {
            Arrays.sort(each);
        }
        double generation = speeds[0][ROUNDS / 2];
        double rollouts = speeds[1][ROUNDS / 2];
        System.out.printf(
                "  %5d %,12.0f %,12.0f %7.0f%% %20.0f%% %18.0f%%%n",
                batch,
                generation,
                rollouts,
                100 * rollouts / generation,
                100 * speeds[2][ROUNDS / 2],
                100 * speeds[3][ROUNDS / 2]);
    }

    private double generation(Gpt gpt, List<int[]> prompts) {
        long start = System.nanoTime();
        new Generator(gpt, Sampling.greedy()).generate(prompts, tokens, Rng.of(1), (text, token) -> true);
        return prompts.size() * tokens / ((System.nanoTime() - start) * 1e-9);
    }

    /// Tokens a second; texts that end early leave fewer.
    private double rollouts(Gpt gpt, List<int[]> prompts) {
        long start = System.nanoTime();
        List<Completion> all = new Rollouts(gpt, Sampling.defaults(), 0, tokens).of(prompts, Rng.of(1));
        int drawn = all.stream().mapToInt(Completion::length).sum();
        return drawn / ((System.nanoTime() - start) * 1e-9);
    }
}
