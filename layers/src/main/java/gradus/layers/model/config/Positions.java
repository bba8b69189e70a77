package gradus.layers.model.config;

import gradus.layers.position.DualChunkRope;
import gradus.layers.position.LearnedPositions;
import gradus.layers.position.LongRope.Divisors;
import gradus.layers.position.NoPosition;
import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.Position;
import gradus.layers.position.RopeFrequencies;
import gradus.layers.position.ShawRelative;
import gradus.layers.position.T5Buckets;
import gradus.layers.position.T5RelativeBias;
import gradus.layers.position.TransformerXlRelative;
import gradus.tensor.kernel.RopePairs;
import gradus.tensor.random.Rng;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// The ways of telling positions that a [GptConfig] can name. Those that stretch RoPE take the length L that
/// a model was trained on first and the factor s by which its context has grown since; an L of 0 is the
/// context over s.
public final class Positions {
    private Positions() {}

    /// [LearnedPositions]
    public record Learned() implements PositionChoice {
        @Override
        public Position create(GptConfig config, Rng rng) {
            return new LearnedPositions(config.context(), config.dim());
        }
    }

    /// [NoPosition]
    public record None() implements PositionChoice {
        @Override
        public Position create(GptConfig config, Rng rng) {
            return new NoPosition();
        }
    }

    /// [gradus.layers.position.Sinusoidal]
    public record Sinusoidal() implements PositionChoice {
        @Override
        public Position create(GptConfig config, Rng rng) {
            return new gradus.layers.position.Sinusoidal();
        }
    }

    /// [gradus.layers.position.Alibi]
    public record Alibi() implements PositionChoice {
        @Override
        public Position create(GptConfig config, Rng rng) {
            return new gradus.layers.position.Alibi(config.heads());
        }
    }

    /// [T5RelativeBias] with the causal buckets.
    public record T5() implements PositionChoice {
        @Override
        public Position create(GptConfig config, Rng rng) {
            return new T5RelativeBias(T5Buckets.causal(), config.heads(), rng);
        }
    }

    /// [gradus.layers.position.Rope] as it is.
    ///
    /// @param theta the base of the frequencies
    public record Rope(double theta) implements PositionChoice {
        @Override
        public Position create(GptConfig config, Rng rng) {
            return rope(new PlainFrequencies(theta));
        }
    }

    /// [gradus.layers.position.Rope] with its pairs side by side, as Meta's Llama has them.
    ///
    /// @param theta the base of the frequencies
    public record InterleavedRope(double theta) implements PositionChoice {
        @Override
        public Position create(GptConfig config, Rng rng) {
            return new gradus.layers.position.Rope(new PlainFrequencies(theta), RopePairs.NEIGHBOURS);
        }
    }

    /// [gradus.layers.position.PositionInterpolation]
    ///
    /// @param theta  the base of the frequencies
    /// @param factor s
    public record Interpolated(double theta, double factor) implements PositionChoice {
        @Override
        public Position create(GptConfig config, Rng rng) {
            return rope(new gradus.layers.position.PositionInterpolation(theta, factor));
        }
    }

    /// [gradus.layers.position.NtkAware]
    ///
    /// @param theta  the base of the frequencies
    /// @param factor s
    public record NtkAware(double theta, double factor) implements PositionChoice {
        @Override
        public Position create(GptConfig config, Rng rng) {
            return rope(new gradus.layers.position.NtkAware(theta, factor));
        }
    }

    /// [gradus.layers.position.DynamicNtk]
    ///
    /// @param theta           the base of the frequencies
    /// @param factor          s
    /// @param originalContext L
    public record DynamicNtk(double theta, double factor, int originalContext) implements PositionChoice {
        @Override
        public Position create(GptConfig config, Rng rng) {
            int length = trained(originalContext, config, factor);
            return rope(new gradus.layers.position.DynamicNtk(theta, factor, length));
        }
    }

    /// [gradus.layers.position.Yarn]
    ///
    /// @param theta           the base of the frequencies
    /// @param factor          s
    /// @param originalContext L
    public record Yarn(double theta, double factor, int originalContext) implements PositionChoice {
        @Override
        public Position create(GptConfig config, Rng rng) {
            return rope(new gradus.layers.position.Yarn(theta, factor, trained(originalContext, config, factor)));
        }
    }

    /// [gradus.layers.position.Llama3Scaling]
    ///
    /// @param theta           the base of the frequencies
    /// @param factor          s
    /// @param originalContext L
    public record Llama3(double theta, double factor, int originalContext) implements PositionChoice {
        @Override
        public Position create(GptConfig config, Rng rng) {
            int length = trained(originalContext, config, factor);
            return rope(new gradus.layers.position.Llama3Scaling(theta, factor, length));
        }
    }

    /// [gradus.layers.position.LongRope] with the divisors that its search begins with: none up to L, those of
    /// [gradus.layers.position.NtkAware] beyond. Found ones go into a [gradus.layers.model.config.LlamaConfig].
    ///
    /// @param theta           the base of the frequencies
    /// @param factor          s
    /// @param originalContext L
    public record LongRope(double theta, double factor, int originalContext) implements PositionChoice {
        @Override
        public Position create(GptConfig config, Rng rng) {
            int length = Math.max(2, trained(originalContext, config, factor));
            int headDim = config.dim() / config.heads();
            double[] plain = new PlainFrequencies(theta).angles(headDim, length);
            double[] slowed = new gradus.layers.position.NtkAware(theta, factor).angles(headDim, length);
            List<Double> none = Collections.nCopies(plain.length, 1.0);
            List<Double> beyond = IntStream.range(0, plain.length)
                    .mapToObj(pair -> plain[pair] / slowed[pair])
                    .toList();
            Divisors divisors = new Divisors(none, beyond);
            return rope(new gradus.layers.position.LongRope(theta, factor, length, divisors));
        }
    }

    /// [DualChunkRope]: what dual chunk attention does to positions.
    ///
    /// @param theta   the base of the frequencies
    /// @param chunk   s, positions of a chunk
    /// @param trained c, above s: no distance grows beyond
    public record DualChunk(double theta, int chunk, int trained) implements PositionChoice {
        @Override
        public Position create(GptConfig config, Rng rng) {
            return new DualChunkRope(new PlainFrequencies(theta), new DualChunkRope.Chunks(chunk, trained));
        }
    }

    /// [ShawRelative]
    ///
    /// @param furthest k, beyond which all distances are one
    public record Shaw(int furthest) implements PositionChoice {
        @Override
        public Position create(GptConfig config, Rng rng) {
            return new ShawRelative(config.dim() / config.heads(), furthest, rng);
        }
    }

    /// [TransformerXlRelative]
    public record TransformerXl() implements PositionChoice {
        @Override
        public Position create(GptConfig config, Rng rng) {
            return new TransformerXlRelative(config.heads(), config.dim() / config.heads(), rng);
        }
    }

    private static Position rope(RopeFrequencies frequencies) {
        return new gradus.layers.position.Rope(frequencies);
    }

    private static int trained(int originalContext, GptConfig config, double factor) {
        return originalContext > 0 ? originalContext : Math.max(1, (int) (config.context() / factor));
    }
}
