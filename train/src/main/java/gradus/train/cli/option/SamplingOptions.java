package gradus.train.cli.option;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.train.generate.Sampling;
import java.util.Objects;
import picocli.CommandLine.Option;

/// How tokens are drawn, and how many.
public final class SamplingOptions {
    @Option(names = "--tokens", paramLabel = "<n>", description = "the most tokens of an answer; default as many as fit")
    private Integer tokens;

    @Option(
            names = "--temperature",
            paramLabel = "<number>",
            description = "below 1 makes likely tokens more likely; 0 always takes the likeliest; default 0.8")
    private Double temperature;

    @Option(
            names = "--topK",
            paramLabel = "<k>",
            description = "keep only the k likeliest tokens; 0 for all; default 40")
    private Integer topK;

    @Option(
            names = "--topP",
            paramLabel = "<p>",
            description = "keep only the likeliest tokens with a total probability of p; 1 for all; default 0.95")
    private Double topP;

    @Option(
            names = "--minP",
            paramLabel = "<p>",
            description = "keep only tokens at least p times as likely as the likeliest; default 0 for all")
    private Double minP;

    @Option(
            names = "--repetitionPenalty",
            paramLabel = "<r>",
            description = "above 1 makes tokens that are already in the text less likely; default 1")
    private Double repetitionPenalty;

    @Option(
            names = "--seed",
            paramLabel = "<n>",
            description = "the seed of the random numbers: the same seed gives the same text; default 1")
    private long seed = 1;

    /// What is asked for, and of the rest what is usual.
    ///
    /// @throws UsageException if a value is out of range
    public Sampling sampling(Sampling usual) {
        try {
            return new Sampling(
                    Objects.requireNonNullElse(temperature, usual.temperature()),
                    Objects.requireNonNullElse(topK, usual.topK()),
                    Objects.requireNonNullElse(topP, usual.topP()),
                    Objects.requireNonNullElse(minP, usual.minP()),
                    Objects.requireNonNullElse(repetitionPenalty, usual.repetitionPenalty()));
        } catch (ConfigException e) {
            throw new UsageException("--" + e.getMessage(), e);
        }
    }

    /// The most tokens, or what is usual.
    ///
    /// @throws UsageException if it is below 1
    public int tokens(int usual) {
        if (tokens != null && tokens < 1) {
            throw new UsageException("--tokens must be at least 1; got " + tokens);
        }
        return tokens == null ? usual : tokens;
    }

    /// The seed of the random numbers.
    public long seed() {
        return seed;
    }
}
