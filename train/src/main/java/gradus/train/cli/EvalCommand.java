package gradus.train.cli;

import gradus.error.DataException;
import gradus.error.UsageException;
import gradus.tensor.random.Rng;
import gradus.train.cli.option.DeviceOption;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.corpus.ControlTokens;
import gradus.train.corpus.Corpus;
import gradus.train.run.Line;
import gradus.train.run.RunConfig;
import gradus.train.run.SavedEncoder;
import gradus.train.run.SavedModel;
import gradus.train.run.text.BitsPerByte;
import gradus.train.run.text.EncodedText;
import gradus.train.run.text.ModelText;
import gradus.train.task.EncoderTokens;
import gradus.train.task.Evaluation;
import gradus.train.task.LanguageModelling;
import gradus.train.task.Loss;
import gradus.train.task.MaskedLm;
import gradus.train.task.Split;
import gradus.train.task.Tokens;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus eval`
@Command(
        name = "eval",
        description = "Measures how well a model predicts a text.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "The text is cut into windows as long as the model's context, which do not",
            "overlap, and each token but the first is predicted once. Models with",
            "different tokenizers can only be compared by bits per byte. A BERT is measured",
            "by how well it guesses hidden tokens, one in seven, always the same ones.",
            "",
            "Examples:",
            "  gradus eval --run runs/mine",
            "  gradus eval --run mine.gguf --data other.txt --all",
            "  gradus eval --run runs/rope --lengths 64,128,256 --position.scale yarn:4"
        })
public final class EvalCommand implements Callable<Integer> {
    private static final int BATCH = 16;

    @Option(
            names = "--run",
            required = true,
            paramLabel = "<path>",
            description = "a run's folder, a Hugging Face folder or a .gguf file")
    private Path run;

    @Option(
            names = "--data",
            paramLabel = "<file>",
            arity = "1..*",
            description =
                    "UTF-8 text files or globs, token files, or wordnet; default: the data that the run was trained on")
    private List<String> data;

    @Option(
            names = "--best",
            description = "use a run's weights of the lowest validation loss instead of its last weights")
    private boolean best;

    @Option(
            names = "--all",
            description = "use the whole text, not only the last tenth, which training does not learn from")
    private boolean all;

    @Option(
            names = "--lengths",
            paramLabel = "<n>",
            split = ",",
            description =
                    "measure at these lengths, also beyond the one that the run was trained on: the loss by how many"
                            + " tokens stand before the predicted one")
    private List<Integer> lengths;

    @Option(
            names = "--position.scale",
            paramLabel = "<kind:factor>",
            description = "with --lengths: stretch the run's rotary positions, by pi, ntk, dynamic-ntk, yarn, llama3 or"
                    + " longrope, as yarn:4, or in chunks, as dca:48")
    private String scale;

    @Option(
            names = "--windows",
            paramLabel = "<n>",
            description = "with --lengths: the most windows of each length; default ${DEFAULT-VALUE}")
    private int windows = 64;

    @Mixin
    private DeviceOption device = new DeviceOption();

    private final Console console;

    EvalCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        device.use();
        if (lengths == null && scale != null) {
            throw new UsageException("--position.scale goes with --lengths");
        }
        Optional<SavedEncoder> encoder = SavedEncoder.find(run, best);
        if (encoder.isPresent()) {
            if (lengths != null) {
                throw new UsageException(
                        "--lengths is for models that predict the next token; " + run + " is an encoder");
            }
            return evaluate(encoder.get());
        }
        SavedModel saved = SavedModel.open(run, best);
        Corpus corpus = corpus(saved.data());
        Tokens tokens = tokens(saved, corpus);
        if (tokens.size() < 2) {
            throw new DataException(
                    "%s: the text has %s tokens; at least 2 are needed".formatted(corpus.name(), tokens.size()));
        }
        if (lengths != null) {
            console.out().print(new LengthTable(run, saved, lengths, Optional.ofNullable(scale), windows).of(tokens));
            return 0;
        }
        double loss = new Evaluation(saved.model(), Loss.crossEntropy(), BATCH).whole(tokens);
        print(
                "text",
                Line.format("%s, %s: %,d tokens", corpus.name(), all ? "whole" : "its last tenth", tokens.size()));
        print("loss", Line.format("%.4f nats per token", loss));
        print("perplexity", Line.format("%.3f", perplexity(loss)));
        print("bits per byte", Line.format("%.4f", bits(saved, corpus, tokens).of(loss)));
        return 0;
    }

    /// An encoder is measured by the hidden tokens of a text, always the same ones.
    private int evaluate(SavedEncoder encoder) {
        Corpus corpus = corpus(encoder.data());
        ModelText lines = ModelText.ofLines(encoder.tokenizer());
        Tokens tokens = corpus.tokens().isEmpty()
                ? EncodedText.forNow(lines, corpus, all ? corpus.whole() : corpus.validation())
                : part(EncodedText.tokens(corpus, encoder.tokenizer()));
        EncoderTokens kinds = ControlTokens.of(encoder.tokenizer());
        MaskedLm task = new MaskedLm(
                encoder.model(), new Split(tokens, tokens), kinds, new LanguageModelling.Sizes(BATCH, 1), Rng.of(0));
        MaskedLm.Measure measure = task.measure(0);
        print(
                "text",
                Line.format("%s, %s: %,d tokens", corpus.name(), all ? "whole" : "its last tenth", tokens.size()));
        print("masked loss", Line.format("%.4f nats per hidden token, of %,d", measure.loss(), measure.hidden()));
        print("perplexity", Line.format("%.3f", perplexity(measure.loss())));
        print("guessed", Line.format("%.2f %%", 100.0 * measure.guessed() / measure.hidden()));
        return 0;
    }

    private Tokens part(Tokens tokens) {
        return all ? tokens : tokens.part(Corpus.cut(tokens.size()), tokens.size());
    }

    /// `exp(loss)`: among how many equally likely tokens the choice would be as hard. Jelinek et al. 1977.
    public static double perplexity(double loss) {
        return Math.exp(loss);
    }

    private Corpus corpus(RunConfig.Data trained) {
        if (data != null) {
            return Corpus.load(data, false);
        }
        if (trained == null) {
            return Corpus.load(Corpus.WORDNET);
        }
        trained.requireThere(run);
        return Corpus.load(trained.names(), trained.files() == null);
    }

    private Tokens tokens(SavedModel saved, Corpus corpus) {
        if (corpus.tokens().isEmpty()) {
            return EncodedText.forNow(saved.text(), corpus, all ? corpus.whole() : corpus.validation());
        }
        return part(EncodedText.tokens(corpus, saved.tokenizer()));
    }

    private BitsPerByte bits(SavedModel saved, Corpus corpus, Tokens tokens) {
        return corpus.tokens().isEmpty()
                ? EncodedText.bits(tokens, all ? corpus.whole() : corpus.validation())
                : new BitsPerByte(tokens.size(), EncodedText.bytes(tokens, saved.tokenizer()));
    }

    private void print(String name, String value) {
        console.out().println(Line.format("%-14s %s", name, value));
    }
}
