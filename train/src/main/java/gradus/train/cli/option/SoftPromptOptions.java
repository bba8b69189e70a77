package gradus.train.cli.option;

import gradus.error.UsageException;
import gradus.train.finetune.PTuning;
import gradus.train.finetune.PrefixTuning;
import gradus.train.finetune.ProjectedPrefix;
import gradus.train.finetune.PromptStart;
import gradus.train.finetune.PromptTuning;
import gradus.train.finetune.TuningMethod;
import java.util.Objects;
import picocli.CommandLine.Option;

/// A soft prompt's settings, most by peft's names.
public final class SoftPromptOptions {
    private static final int USUAL_COUNT = 20;

    /// What a soft prompt starts from.
    public enum Init {
        RANDOM,
        VOCAB,
        TEXT
    }

    @Option(
            names = "--num-virtual-tokens",
            paramLabel = "<n>",
            description = "of a soft prompt: its length; default 20, or the tokens of --prompt-init-text")
    private Integer count;

    @Option(
            names = "--prompt-init",
            paramLabel = "<start>",
            description = "of a soft prompt: random numbers (the default), sampled tokens of the vocab, or a text; of a"
                    + " prefix, the keys and values of these tokens")
    private Init init;

    @Option(
            names = "--prompt-init-text",
            paramLabel = "<text>",
            description = "the text for --prompt-init text, repeated or cut to the prompt's length")
    private String text;

    @Option(
            names = "--encoder-reparameterization-type",
            paramLabel = "<kind>",
            description = "of ptuning: what makes the prompt, MLP (the default) or LSTM")
    private PTuning.Encoder encoder;

    @Option(
            names = "--encoder-hidden-size",
            paramLabel = "<n>",
            description = "of ptuning, and of a prefix's projection: the inner size; default the model's")
    private Integer hidden;

    @Option(names = "--prefix-projection", description = "of prefix: a network makes the keys and values")
    private boolean projection;

    /// @throws UsageException if a setting of soft prompts was given
    void requireNone() {
        if (count != null || init != null || text != null || encoder != null || hidden != null || projection) {
            throw new UsageException("--num-virtual-tokens, --prompt-init, --prompt-init-text,"
                    + " --encoder-reparameterization-type, --encoder-hidden-size and --prefix-projection are for"
                    + " --method prompt, ptuning or prefix");
        }
    }

    /// @throws UsageException if settings do not fit each other
    TuningMethod method(AdapterOptions.Method method) {
        if (count != null && count < 1) {
            throw new UsageException("--num-virtual-tokens must be at least 1; got " + count);
        }
        if (hidden != null && hidden < 1) {
            throw new UsageException("--encoder-hidden-size must be at least 1; got " + hidden);
        }
        return switch (method) {
            case PROMPT -> {
                refuseEncoder();
                refuseProjection();
                yield new PromptTuning(given(count), start());
            }
            case PTUNING -> {
                refuseStart("--method ptuning");
                refuseProjection();
                yield new PTuning(usual(), Objects.requireNonNullElse(encoder, PTuning.Encoder.MLP), given(hidden));
            }
            case PREFIX -> prefix();
            default -> throw new AssertionError(method);
        };
    }

    private TuningMethod prefix() {
        if (!projection) {
            refuseEncoder();
            return new PrefixTuning(given(count), start());
        }
        refuseStart("--prefix-projection");
        if (encoder != null) {
            throw new UsageException("--encoder-reparameterization-type is for --method ptuning");
        }
        return new ProjectedPrefix(usual(), given(hidden));
    }

    private static int given(Integer number) {
        return Objects.requireNonNullElse(number, 0); // 0 leaves it to the method
    }

    private int usual() {
        return Objects.requireNonNullElse(count, USUAL_COUNT);
    }

    private PromptStart start() {
        if ((init == Init.TEXT) != (text != null)) {
            throw new UsageException("--prompt-init text and --prompt-init-text need each other");
        }
        if (init == Init.TEXT) {
            if (text.isEmpty()) {
                throw new UsageException("--prompt-init-text must have at least one character");
            }
            return new PromptStart.Text(text);
        }
        return init == Init.VOCAB ? new PromptStart.Vocabulary() : new PromptStart.Random();
    }

    private void refuseEncoder() {
        if (encoder != null || hidden != null) {
            throw new UsageException(
                    "--encoder-reparameterization-type and --encoder-hidden-size are for --method ptuning,"
                            + " the size also for --prefix-projection");
        }
    }

    private void refuseProjection() {
        if (projection) {
            throw new UsageException("--prefix-projection is for --method prefix");
        }
    }

    private void refuseStart(String network) {
        if (text != null || init != null && init != Init.RANDOM) {
            throw new UsageException(
                    network + " starts from the random numbers of its network; leave out --prompt-init");
        }
    }
}
