package gradus.train.cli;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.tensor.random.Rng;
import gradus.train.align.RewardScore;
import gradus.train.cli.option.DecodingOptions;
import gradus.train.cli.option.DeviceOption;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.finetune.Adapted;
import gradus.train.generate.FillMask;
import gradus.train.generate.Sampling;
import gradus.train.pretrained.GenerationConfig;
import gradus.train.rl.BestOfN;
import gradus.train.rl.Completion;
import gradus.train.run.Line;
import gradus.train.run.SavedEncoder;
import gradus.train.run.SavedModel;
import gradus.train.run.text.Writer;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus sample`
@Command(
        name = "sample",
        description =
                "Lets a trained model write text, or a BERT guess what [MASK] hides in the prompt. If a Hugging Face folder has a generation_config.json, its values for"
                        + " sampling, beams, length and stops replace the defaults below.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus sample --run runs/mine --prompt \"whale: \" --count 3",
            "  gradus sample --run tuned --prompt \"cat: \" --best-of 8 --reward-model rm/model",
            "  gradus sample --run runs/mine --prompt \"born \" --regex \"[0-9]{4}-[0-9]{2}-[0-9]{2}\"",
            "  gradus sample --run runs/large --draft runs/small --tokens 100",
            "  gradus sample --run runs/bert --prompt \"a [MASK] that barks\""
        })
final class SampleCommand implements Callable<Integer> {
    private static final int USUAL_TOKENS = 300;
    private static final int GUESSES = 5;

    @Option(
            names = "--run",
            required = true,
            paramLabel = "<path>",
            description = "a run's folder, a Hugging Face folder or a .gguf file")
    private Path run;

    @Option(
            names = "--best",
            description = "use a run's weights of the lowest validation loss instead of its last weights")
    private boolean best;

    @Option(
            names = "--adapter",
            paramLabel = "<folder>",
            description = "an adapter or a soft prompt for this model, which gradus finetune or peft wrote")
    private Path adapter;

    @Option(names = "--prompt", paramLabel = "<text>", description = "the beginning of the text; default a new line")
    private String prompt = "";

    @Option(
            names = "--tokens",
            paramLabel = "<n>",
            description = "the most tokens to add; default 300, or up to the end of the entry for a model of wordnet")
    private Integer tokens;

    @Option(names = "--count", paramLabel = "<n>", description = "how many texts; default 1")
    private int count = 1;

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

    @Option(names = "--stop", paramLabel = "<text>", description = "end before this text; may be given several times")
    private List<String> stops = List.of();

    @Option(
            names = "--beams",
            paramLabel = "<k>",
            description = "beam search: look for the likeliest text, keeping the k best at each step, instead of"
                    + " drawing tokens")
    private Integer beams;

    @Option(
            names = "--best-of",
            paramLabel = "<n>",
            description = "draw n texts and write the one that --reward-model likes best")
    private Integer bestOf;

    @Option(
            names = "--reward-model",
            paramLabel = "<folder>",
            description = "of --best-of: what gradus align --method rm has left in <out>/model, or a"
                    + " …ForSequenceClassification of Hugging Face's with one label")
    private Path rewardModel;

    @Option(
            names = "--seed",
            paramLabel = "<n>",
            description = "the seed of the random numbers: the same seed gives the same text; default 1")
    private long seed = 1;

    @Mixin
    private DecodingOptions decoding = new DecodingOptions();

    @Mixin
    private DeviceOption device = new DeviceOption();

    private final Console console;

    SampleCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Sampling sampling = sampling(Writer.USUAL); // refused before the model is read
        decoding.check(beams != null || bestOf != null);
        device.use();
        Optional<SavedEncoder> encoder = SavedEncoder.find(run, best);
        if (encoder.isPresent()) {
            fill(encoder.get());
            return 0;
        }
        SavedModel saved = SavedModel.open(run, best);
        saved = adapter == null ? saved : Adapted.beside(saved, adapter);
        boolean wholeLine = saved.linesAreEntries() && tokens == null;
        GenerationConfig files = saved.generation();
        sampling = files.sampling().map(this::sampling).orElse(sampling);
        int limit = tokens == null ? files.limit().orElse(USUAL_TOKENS) : tokens;
        List<String> stops =
                Stream.concat(this.stops.stream(), files.stops().stream()).toList();
        if (bestOf != null) {
            writeBest(saved, sampling, limit, wholeLine, stops);
            return 0;
        }
        Writer writer = new Writer(saved.model(), saved.text(), sampling, limit, wholeLine, stops, saved.ends());
        boolean filesDecide = beams == null && drawsFreely() && decoding.plain();
        int followed = filesDecide ? files.beams().orElse(1) : Objects.requireNonNullElse(beams, 1);
        if (beams == null && followed == 1) {
            return write(writer) ? 0 : Errors.FAILURE;
        } else {
            console.text().println(prompt + writer.best(prompt, followed));
        }
        return 0;
    }

    /// Several texts are drawn where one is written. All of a text must fit in both models.
    private void writeBest(SavedModel saved, Sampling sampling, int limit, boolean wholeLine, List<String> stops) {
        RewardScore score = score(saved);
        int[] start =
                new Writer(saved.model(), saved.text(), sampling, limit, wholeLine, stops, saved.ends()).start(prompt);
        int room = Math.min(limit, Math.min(saved.model().context(), score.context()) - start.length);
        if (room < 1) {
            throw new UsageException(
                    "--prompt has %s tokens, and --tokens and the contexts of the two models, %s and %s,"
                                    .formatted(start.length, saved.model().context(), score.context())
                            + " leave no room behind it");
        }
        Writer writer = new Writer(saved.model(), saved.text(), sampling, room, wholeLine, stops, saved.ends());
        for (int i = 0; i < count && !console.text().checkError(); i++) {
            Rng rng = Rng.of(seed).at("sample").at(i);
            List<Completion> drawn = writer.completions(prompt, bestOf, rng);
            BestOfN best = BestOfN.of(drawn, score.of(Collections.nCopies(bestOf, start), drawn));
            console.text().println((i > 0 && !wholeLine ? "---\n" : "") + prompt + writer.text(prompt, best.best()));
            double mean = Arrays.stream(best.scores()).average().orElseThrow();
            console.err().println(Line.format("score %.4f; the mean of %d is %.4f", best.score(), bestOf, mean));
        }
    }

    private RewardScore score(SavedModel saved) {
        try {
            return RewardScore.open(rewardModel, saved.text().tokenizer());
        } catch (ConfigException another) {
            throw new UsageException("--reward-model: " + another.getMessage(), another);
        }
    }

    /// An encoder does not write: it guesses what the prompt hides.
    private void fill(SavedEncoder encoder) {
        if (bestOf != null || !decoding.plain()) {
            throw new UsageException(run + " is an encoder, which writes no texts; leave out "
                    + (bestOf != null ? "--best-of" : decoding.name()));
        }
        if (!prompt.contains("[MASK]")) {
            throw new UsageException(run + " is an encoder, which guesses hidden words: give it a --prompt with [MASK],"
                    + " such as \"a [MASK] that barks\"");
        }
        int shown = topK == null ? GUESSES : topK == 0 ? Integer.MAX_VALUE : topK;
        PrintStream out = console.text();
        for (List<FillMask.Fill> fills : new FillMask(encoder.model(), encoder.tokenizer()).fill(prompt, shown)) {
            fills.forEach(fill -> out.println(Line.format("%7.2f %%  %s", 100 * fill.probability(), fill.token())));
            out.println();
        }
    }

    /// Whether the command line leaves it to the model's files how tokens are chosen.
    private boolean drawsFreely() {
        return count == 1
                && Stream.of(temperature, topK, topP, minP, repetitionPenalty).allMatch(Objects::isNull);
    }

    /// @param usual what the command line does not say: the program's own, or what the model's files say
    private Sampling sampling(Sampling usual) {
        if (count < 1) {
            throw new UsageException("--count must be at least 1; got " + count);
        }
        if (tokens != null && tokens < 0) {
            throw new UsageException("--tokens must be at least 0; got " + tokens);
        }
        if (beams != null && beams < 1) {
            throw new UsageException("--beams must be at least 1; got " + beams);
        }
        if (bestOf != null && bestOf < 1) {
            throw new UsageException("--best-of must be at least 1; got " + bestOf);
        }
        if ((bestOf == null) != (rewardModel == null)) {
            throw new UsageException("--best-of draws texts and --reward-model chooses one; give both or none");
        }
        if (bestOf != null && beams != null) {
            throw new UsageException("--beams finds one text and --best-of draws several; leave out one of them");
        }
        if (beams != null && count > 1) {
            throw new UsageException("--beams finds one text; leave out --count");
        }
        if (stops.contains("")) {
            throw new UsageException("--stop must have at least one character");
        }
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

    /// A reader that went away, as in `gradus sample … | head`, ends the writing without a word.
    ///
    /// @return whether all texts are whole
    private boolean write(Writer writer) {
        PrintStream out = console.text();
        writer.start(prompt);
        DecodingOptions.Chosen chosen = decoding.open(writer, prompt);
        boolean whole = true;
        for (int i = 0; i < count && !out.checkError(); i++) {
            out.print(i > 0 && !writer.wholeLine() ? "---\n" + prompt : prompt);
            Predicate<String> onText = text -> {
                out.print(text);
                return !out.checkError();
            };
            writer.write(prompt, Rng.of(seed).at("sample").at(i), onText, chosen);
            out.print("\n");
            whole &= out.checkError() || chosen.whole();
        }
        chosen.summary().forEach(console.err()::println);
        return whole;
    }
}
