package gradus.train.cli;

import gradus.error.DataException;
import gradus.train.Evaluation;
import gradus.train.Losses;
import gradus.train.corpus.Corpus;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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
            "different tokenizers compare by bits per byte only.",
            "",
            "Examples:",
            "  gradus eval --run runs/mine",
            "  gradus eval --run mine.gguf --data other.txt --all"
        })
final class EvalCommand implements Callable<Integer> {
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
            description = "a UTF-8 text file or wordnet; default what the run was trained on")
    private String data;

    @Option(names = "--all", description = "the whole text, not only the tenth at its end that training holds back")
    private boolean all;

    private final Console console;

    EvalCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        SavedModel saved = SavedModel.open(run);
        Device.AUTO.require();
        Corpus corpus = Corpus.load(
                data != null ? data : saved.data() != null ? saved.data().name() : Corpus.WORDNET);
        String text = all ? corpus.text() : corpus.validation();
        int[] tokens = ModelText.of(saved.tokenizer()).encode(text);
        if (tokens.length < 2) {
            throw new DataException(
                    "%s: the text has %s tokens; at least 2 are needed".formatted(corpus.name(), tokens.length));
        }
        double loss = new Evaluation(saved.model(), Losses.crossEntropy(), BATCH).whole(tokens);
        print(
                "text",
                Progress.format("%s, %s: %,d tokens", corpus.name(), all ? "whole" : "its last tenth", tokens.length));
        print("loss", Progress.format("%.4f nats per token", loss));
        print("perplexity", Progress.format("%.3f", Math.exp(loss)));
        print(
                "bits per byte",
                Progress.format("%.4f", BitsPerByte.of(tokens, text).of(loss)));
        return 0;
    }

    private void print(String name, String value) {
        console.out().println(Progress.format("%-14s %s", name, value));
    }
}
