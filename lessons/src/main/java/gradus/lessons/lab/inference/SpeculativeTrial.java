package gradus.lessons.lab.inference;

import gradus.layers.model.Gpt;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.generate.Decoding;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import gradus.train.generate.SpeculativeGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// Speculative decoding against plain decoding, taking turns: the draft is the target's first layer with its
/// tables, its last norm and its head.
final class SpeculativeTrial {
    /// γ
    static final int AHEAD = Rows.CHECKED - 1;

    private static final int TOKENS = 32;
    private static final double QUIET = 0.1;

    private final int[] prompt;
    private final Decoding plain;
    private final SpeculativeGenerator fast;
    private final List<Double> times = new ArrayList<>();

    SpeculativeTrial(Gpt target, Gpt draft, int prompt) {
        this.prompt = IntStream.range(0, prompt)
                .map(i -> (31 * i + 7) % target.vocabSize())
                .toArray();
        this.plain = new Generator(target, Sampling.greedy());
        this.fast = new SpeculativeGenerator(target, draft, AHEAD, Sampling.greedy(), id -> true);
    }

    /// The first layer of a model, as a model. With random weights it would never agree with the whole, as trained
    /// models do; so what the other layers add is made a tenth.
    static Gpt draft(Gpt target) {
        try (var pause = Autograd.noGrad()) {
            target.namedParameters().forEach((name, weight) -> {
                if (name.contains(".c_proj.") && !name.startsWith("h.0.")) {
                    weight.copyFrom(weight.mul(QUIET));
                }
            });
        }
        Gpt draft = new Gpt(target.config().withLayers(1), Rng.of(0)).eval();
        SequencedMap<String, Tensor> weights = target.state();
        try (var pause = Autograd.noGrad()) {
            draft.state().forEach((name, own) -> own.copyFrom(weights.get(name)));
        }
        return draft;
    }

    /// Writes a text both ways a few times; the fastest count.
    void round() {
        times.add(seconds(plain) / seconds(fast));
    }

    private double seconds(Decoding decoding) {
        return Stopwatch.fastest(1, () -> decoding.generate(prompt, TOKENS, Rng.of(1), id -> true));
    }

    /// How many times as fast, round by round.
    List<Double> times() {
        return times;
    }

    SpeculativeGenerator.Report report() {
        return fast.report();
    }

    /// How many times as fast it should be: a pass of the target gives so many tokens and costs γ passes of the
    /// draft and one of γ + 1 tokens.
    static double expected(double tokensPerPass, double one, double draft, double several) {
        return tokensPerPass * one / (AHEAD * draft + several);
    }
}
