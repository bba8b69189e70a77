package gradus.bench;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.random.Rng;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import gradus.train.rl.Completion;
import gradus.train.rl.Rollouts;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What drawing with log-probabilities costs beside greedy generation of the same texts.
@Command(
        name = "rollouts",
        mixinStandardHelpOptions = true,
        description = "Times rollouts for reinforcement learning against plain generation of as many tokens.")
final class RolloutsCommand implements Callable<Integer> {
    private static final GptConfig GPT2 = new GptConfig(50257, 1024, 12, 12, 768, 0);
    private static final GptConfig SMALL = new GptConfig(13, 64, 4, 4, 96, 0);
    private static final int PROMPT = 8;

    @Option(names = "--tokens", description = "how many are written for each text; default: ${DEFAULT-VALUE}")
    private int tokens = 32;

    @Option(names = "--batches", split = ",", description = "how many texts at once; default: ${DEFAULT-VALUE}")
    private List<Integer> batches = List.of(8, 64);

    @Override
    public Integer call() {
        for (GptConfig size : List.of(SMALL, GPT2)) {
            Gpt gpt = new Gpt(size, Rng.of(1));
            System.out.printf(
                    "%,d parameters, vocabulary of %,d, prompt of %d, %d tokens more%n",
                    gpt.parameterCount(), size.vocabSize(), PROMPT, tokens);
            System.out.printf("  %5s %12s %12s %8s%n", "texts", "generation/s", "rollouts/s", "ratio");
            for (int batch : batches) {
                List<int[]> prompts = IntStream.range(0, batch)
                        .mapToObj(text -> IntStream.range(0, PROMPT)
                                .map(i -> (7 * text + i) % size.vocabSize())
                                .toArray())
                        .toList();
                double generation = 0;
                double rollouts = 0;
                for (int round = 0; round < 3; round++) { // the fastest of three, in turn
                    generation = Math.max(generation, generation(gpt, prompts));
                    rollouts = Math.max(rollouts, rollouts(gpt, prompts));
                }
                System.out.printf(
                        "  %5d %,12.0f %,12.0f %7.0f%%%n", batch, generation, rollouts, 100 * rollouts / generation);
            }
        }
        return 0;
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
