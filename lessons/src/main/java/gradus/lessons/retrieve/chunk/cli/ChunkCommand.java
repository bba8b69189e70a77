package gradus.lessons.retrieve.chunk.cli;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.error.UsageException;
import gradus.lessons.retrieve.chunk.BoundaryModel;
import gradus.lessons.retrieve.chunk.BoundaryPairs;
import gradus.lessons.retrieve.chunk.Chunk;
import gradus.lessons.retrieve.chunk.ChunkSize;
import gradus.lessons.retrieve.chunk.Length;
import gradus.tensor.random.Rng;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.StepReport;
import gradus.train.TrainingListener;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.corpus.WordNet;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gradus chunk`
@Command(
        name = "chunk",
        description = {
            "Shows how a document is cut into chunks for a search: in colour on a terminal,",
            "else as a list with places and lengths."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus chunk notes.md --by markdown --size 800",
            "  gradus chunk notes.txt --by semantic --breaks gradient",
            "  gradus chunk wordnet --train-boundaries cuts",
            "  gradus chunk notes.txt --by boundaries --model cuts"
        })
public final class ChunkCommand implements Callable<Integer> {
    private static final String WORDNET = "wordnet";
    private static final int SEED = 1;

    @Parameters(paramLabel = "<file>", description = "the document, in UTF-8; see also --train-boundaries")
    private Path file;

    @Option(names = "--size", paramLabel = "<n>", description = "the most units of a chunk; default 1000")
    private int size = 1000;

    @Option(
            names = "--overlap",
            paramLabel = "<n>",
            description = "the most units that a chunk repeats of the one before; default 0")
    private int overlap;

    @Option(names = "--unit", paramLabel = "<unit>", description = "chars or tokens; default chars")
    private String unit = "chars";

    @Option(
            names = "--tokenizer",
            paramLabel = "<folder>",
            description = "a folder with the tokenizer of --unit tokens")
    private Path tokenizer;

    @Mixin
    private MethodOptions methods = new MethodOptions();

    @Option(names = "--json", description = "print the chunks as JSON")
    private boolean json;

    @Option(
            names = "--train-boundaries",
            paramLabel = "<folder>",
            description = "do not cut, but train a model for --by boundaries and keep it there. It learns from the"
                    + " paragraphs of <file>, or from WordNet if that is the word wordnet")
    private Path trainBoundaries;

    @Option(names = "--steps", paramLabel = "<n>", description = "steps of --train-boundaries; default 600")
    private int steps = 600;

    private final Console console;

    public ChunkCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (trainBoundaries != null) {
            train();
            return 0;
        }
        Length length = length();
        ChunkSize most = size(length);
        String document = read();
        List<Chunk> chunks = methods.chunker(most, console).chunk(document);
        Display display = new Display(console, document, length.of(document), unit);
        if (json) {
            display.json(chunks);
        } else {
            display.show(chunks);
        }
        return 0;
    }

    private Length length() {
        if (!List.of("chars", "tokens").contains(unit)) {
            throw new UsageException("--unit must be chars or tokens; got " + unit);
        }
        if (unit.equals("chars")) {
            if (tokenizer != null) {
                throw new UsageException("--tokenizer is for --unit tokens");
            }
            return Length.CHARACTERS;
        }
        if (tokenizer == null) {
            throw new UsageException("--unit tokens needs --tokenizer");
        }
        return Length.tokens(Tokenizers.load(tokenizer));
    }

    private ChunkSize size(Length length) {
        try {
            return new ChunkSize(size, overlap, length);
        } catch (ConfigException wrong) {
            throw new UsageException("--size, --overlap: " + wrong.getMessage(), wrong);
        }
    }

    private String read() {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException missing) {
            throw new UsageException("there is no file " + file, missing);
        } catch (CharacterCodingException notText) {
            throw new DataException(file + " is not UTF-8; convert it first", notText);
        } catch (IOException unreadable) {
            throw new DataException(file + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private void train() {
        if (steps < 1) {
            throw new UsageException("--steps must be at least 1; got " + steps);
        }
        Rng rng = Rng.of(SEED).at("pairs");
        BoundaryPairs pairs = file.toString().equals(WORDNET)
                ? BoundaryPairs.ofWordNet(WordNet.read(), rng)
                : BoundaryPairs.ofParagraphs(read(), rng);
        BoundaryModel model = BoundaryModel.train(pairs, steps, SEED, new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (report.step() % 100 == 0) {
                    console.err()
                            .println("step %s, loss %s"
                                    .formatted(report.step(), String.format(Locale.ROOT, "%.3f", report.loss())));
                }
            }
        });
        model.save(trainBoundaries);
        console.out()
                .println(String.format(
                        Locale.ROOT,
                        "%.1f %% of %s pairs held out are told right; by chance 50 %%",
                        100 * model.accuracy(pairs.held()),
                        pairs.held().size()));
    }
}
