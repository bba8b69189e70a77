package gradus.bench;

import gradus.error.UsageException;
import gradus.layers.model.LanguageModel;
import gradus.tensor.random.Rng;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.generate.Decoding;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import gradus.train.generate.SpeculativeGenerator;
import gradus.train.run.SavedModel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// How much sooner a text is written when a smaller model writes ahead. The two ways take turns, text by text,
/// so that what else the machine does slows both.
@Command(
        name = "speculative",
        mixinStandardHelpOptions = true,
        description = "Times speculative decoding against plain decoding, with two trained models.")
final class SpeculativeCommand implements Callable<Integer> {
    @Option(names = "--run", required = true, description = "the model")
    private Path run;

    @Option(names = "--draft", required = true, description = "a smaller model with the same tokenizer")
    private Path draft;

    @Option(names = "--draft-tokens", split = ",", description = "how many it writes ahead; default: ${DEFAULT-VALUE}")
    private List<Integer> ahead = List.of(1, 2, 4, 6);

    @Option(names = "--temperature", description = "0 is greedy; default: ${DEFAULT-VALUE}")
    private double temperature = 0.8;

    @Option(names = "--texts", description = "how many each way; default: ${DEFAULT-VALUE}")
    private int texts = 5;

    @Override
    public Integer call() {
        SavedModel target = SavedModel.open(run);
        SavedModel small = SavedModel.open(draft);
        if (!Tokenizers.fingerprint(target.tokenizer()).equals(Tokenizers.fingerprint(small.tokenizer()))) {
            throw new UsageException(draft + " has another tokenizer than " + run);
        }
        LanguageModel model = target.model();
        System.out.printf(
                "target %,d parameters, draft %,d; temperature %s, texts of %d tokens, load %.1f%n",
                model.parameterCount(), small.model().parameterCount(), temperature, model.context(), Timing.load());
        System.out.printf(
                "  %12s %10s %14s %12s %16s %16s%n",
                "draft tokens", "accepted", "tokens a pass", "of the clock", "plain ms/token", "of processor time");
        Sampling sampling = Sampling.defaults().withTemperature(temperature);
        int[] prompt = {target.tokenizer().encode("\n")[0]};
        for (int count : ahead) {
            SpeculativeGenerator fast = new SpeculativeGenerator(model, small.model(), count, sampling, id -> true);
            Generator plain = new Generator(model, sampling);
            Rng rng = Rng.of(1);
            int length = model.context();
            double[] sums = new double[4];
            for (int i = -1; i < texts; i++) { // the first warms up
                Timing slow = time(plain, prompt, length, rng.at(i));
                Timing quick = time(fast, prompt, length, rng.at(i));
                if (i >= 0) {
                    sums[0] += slow.millis();
                    sums[1] += quick.millis();
                    sums[2] += slow.cpuMillis();
                    sums[3] += quick.cpuMillis();
                }
            }
            System.out.printf(
                    "  %12d %8.1f %% %14.2f %11.2f× %16.2f %15.2f×%n",
                    count,
                    100 * fast.report().acceptRate(),
                    fast.report().tokensPerPass(),
                    sums[0] / sums[1],
                    sums[0] / texts / length,
                    sums[2] / sums[3]);
        }
        return 0;
    }

    private static Timing time(Decoding decoding, int[] prompt, int length, Rng rng) {
        return Timing.of(0, 1, () -> decoding.generate(prompt, length, rng, id -> true));
    }
}
