package gradus.train.cli.tokenizer;

import gradus.error.TokenizerException;
import gradus.error.UsageException;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.tokenizer.pretokenize.PreTokenizers;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.tokenizer.train.Cs336Ties;
import gradus.tokenizer.train.FirstSeenTies;
import gradus.tokenizer.train.HuggingFaceTies;
import gradus.tokenizer.train.TieRule;
import gradus.tokenizer.train.WordPieceTrainerOptions;
import gradus.train.cli.option.ThreadsOption;
import gradus.train.cli.option.Version;
import gradus.train.cli.progress.TokenizerProgress;
import gradus.train.cli.terminal.Console;
import gradus.train.run.Line;
import gradus.train.run.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus tokenizer train`
@Command(
        name = "train",
        description = "Learns a vocabulary from a text and saves it as a tokenizer.json, which Hugging Face reads too.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class TokenizerTrainCommand implements Callable<Integer> {
    private static final Map<String, TieRule> TIES =
            Map.of("huggingface", new HuggingFaceTies(), "first", new FirstSeenTies(), "cs336", new Cs336Ties());

    @Option(
            names = "--data",
            paramLabel = "<file>",
            description = "UTF-8 text files or globs such as 'texts/**.txt', or wordnet (the default); may be given"
                    + " several times")
    private List<String> data = List.of(gradus.train.corpus.Corpus.WORDNET);

    @Option(
            names = "--kind",
            paramLabel = "<kind>",
            converter = TokenizerKind.ByName.class,
            description = "bpe (the default), wordpiece, wordpiece-likelihood, char or byte")
    private TokenizerKind kind = TokenizerKind.BPE;

    @Option(names = "--vocab", paramLabel = "<n>", description = "the most tokens; default 4096")
    private int vocab = 4096;

    @Option(names = "--out", required = true, paramLabel = "<folder>", description = "where tokenizer.json goes")
    private Path out;

    @Option(names = "--overwrite", description = "replace the tokenizer in --out")
    private boolean overwrite;

    @Option(
            names = "--minFrequency",
            paramLabel = "<n>",
            description = "pairs that occur less often are not merged; default 0")
    private long minFrequency;

    @Option(
            names = "--preTokenizer",
            paramLabel = "<name>",
            description = "how a BPE cuts text into words: gpt2 (the default), cl100k, llama3, qwen2 or o200k")
    private String preTokenizer = "gpt2";

    @Option(
            names = "--ties",
            paramLabel = "<name>",
            description =
                    "which of equally frequent pairs a BPE merges first: huggingface (the default), first or cs336")
    private String ties = "huggingface";

    @Option(
            names = "--special",
            split = ",",
            paramLabel = "<token>",
            description = "control tokens; default <|endoftext|> for a BPE, BERT's five for WordPiece")
    private List<String> special;

    @Mixin
    private ThreadsOption threads;

    private final Console console;

    TokenizerTrainCommand(Console console) {
        this.console = console;
    }

    int threads() {
        return threads.count();
    }

    BpeTrainerOptions bpeOptions() {
        TieRule rule = TIES.get(ties);
        if (rule == null) {
            throw new UsageException("--ties: there is no rule " + ties + "; there are "
                    + String.join(", ", TIES.keySet().stream().sorted().toList()));
        }
        return checked(() -> {
            BpeTrainerOptions options = BpeTrainerOptions.of(Math.max(vocab, 257))
                    .withPreTokenizer(PreTokenizers.named(preTokenizer))
                    .withMinFrequency(minFrequency)
                    .withTieRule(rule);
            List<String> tokens = special == null ? options.specialTokens() : special;
            return new BpeTrainerOptions(
                    vocab, minFrequency, tokens, options.preTokenizer(), options.normalizer(), options.tieRule());
        });
    }

    WordPieceTrainerOptions wordPieceOptions() {
        return checked(() -> {
            WordPieceTrainerOptions options = WordPieceTrainerOptions.of(vocab).withMinFrequency(minFrequency);
            return special == null ? options : options.withSpecialTokens(special);
        });
    }

    private static <T> T checked(Supplier<T> options) {
        try {
            return options.get();
        } catch (TokenizerException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    @Override
    public Integer call() {
        requireOptions();
        requireFolder();
        Tokenizer tokenizer;
        long start = System.nanoTime();
        TextFiles texts = TextFiles.of(data, "--data");
        try (TokenizerProgress progress = new TokenizerProgress(console, texts.bytes())) {
            tokenizer = kind.train(this, texts.blocks(), progress);
        }
        double seconds = (System.nanoTime() - start) * 1e-9;
        Tokenizers.save(tokenizer, out);
        console.err()
                .println(Line.format(
                        "%s: %,d tokens in %.1f s, saved in %s",
                        kind, tokenizer.vocabularySize(), seconds, out.resolve("tokenizer.json")));
        return 0;
    }

    private void requireOptions() {
        threads.require();
        switch (kind) {
            case BPE -> bpeOptions();
            case WORDPIECE, WORDPIECE_LIKELIHOOD -> wordPieceOptions();
            case CHAR, BYTE -> {}
        }
    }

    private void requireFolder() {
        if (Files.exists(out.resolve("tokenizer.json")) && !overwrite) {
            throw new UsageException(out + " holds a tokenizer; choose another --out, or --overwrite it");
        }
        RunFolder.requireWritable(out);
    }
}
