package gradus.train.run;

import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.FeedForwards;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Norms;
import gradus.layers.model.config.Positions;
import gradus.layers.position.PlainFrequencies;
import gradus.train.TrainConfig;
import gradus.train.schedule.ScheduleKind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A model and a training that go well together, under a name. The vocabulary is the data's.
///
/// @param name  what `--preset` takes
/// @param about one line for the help
/// @param bpe   the size of the BPE vocabulary, or of an encoder's WordPiece vocabulary, to train first; 0
///     where a token is a character
/// @param task  what is learnt
public record Preset(String name, String about, int bpe, GptConfig model, TrainConfig train, RunTask task) {
    /// Predicting the next token.
    public Preset(String name, String about, int bpe, GptConfig model, TrainConfig train) {
        this(name, about, bpe, model, train, RunTask.LM);
    }

    /// Stands where the data decides.
    private static final int VOCABULARY_OF_DATA = 1;

    /// nanoGPT's recipe for a character model on a CPU.
    public static final Preset CHAR_SMALL = new Preset(
            "char-small",
            "4 layers, 128 channels, 0.8 million parameters, 2,000 steps: minutes on a laptop",
            0,
            new GptConfig(VOCABULARY_OF_DATA, 64, 4, 4, 128, 0.0),
            TrainConfig.defaults()
                    .withSteps(2000)
                    .withBatchSize(12)
                    .withLr(1e-3)
                    .withMinLr(1e-4)
                    .withWarmup(100)
                    .withSchedule(ScheduleKind.COSINE)
                    .withBeta2(0.99)
                    .withWeightDecay(0.1)
                    .withClip(1)
                    .withEvalEvery(250));

    /// To see whether everything works.
    public static final Preset CHAR_TINY = new Preset(
            "char-tiny",
            "2 layers, 32 channels, 29 thousand parameters, 300 steps: seconds",
            0,
            new GptConfig(VOCABULARY_OF_DATA, 32, 2, 2, 32, 0.0),
            CHAR_SMALL.train().withSteps(300).withWarmup(15).withEvalEvery(100).withEvalBatches(20));

    /// nanoGPT's recipe for a character model on a GPU.
    public static final Preset CHAR_MEDIUM = new Preset(
            "char-medium",
            "6 layers, 384 channels, context 256, 10.8 million parameters, 5,000 steps: hours on a CPU",
            0,
            new GptConfig(VOCABULARY_OF_DATA, 256, 6, 6, 384, 0.2),
            CHAR_SMALL.train().withSteps(5000).withBatchSize(64).withEvalBatches(20));

    /// Tokens of four letters on average: a context sees four times as much text, and a step learns from as
    /// much more.
    public static final Preset BPE_SMALL = new Preset(
            "bpe-small",
            "4,096 tokens of a BPE, 4 layers, 192 channels, 2.6 million parameters, 2,000 steps: minutes on a laptop",
            4096,
            new GptConfig(VOCABULARY_OF_DATA, 64, 4, 6, 192, 0.0),
            CHAR_SMALL.train().withBatchSize(16).withLr(2e-3).withMinLr(2e-4));

    /// The same in Llama's parts, which other programs run: see `gradus export`.
    public static final Preset LLAMA_SMALL = new Preset(
            "llama-small",
            "a Llama on the tokens of bpe-small, 4 layers, 192 channels, 2.4 million parameters: minutes on a laptop",
            4096,
            BPE_SMALL
                    .model()
                    .withAttention(new Attentions.GroupedQuery(2))
                    .withPosition(new Positions.Rope(PlainFrequencies.BASE))
                    .withNorm(new Norms.Rms(1e-5))
                    .withFeedForward(new FeedForwards.SwiGluUnits(0)),
            BPE_SMALL.train());

    /// A small encoder, which fills gaps and can be tuned to tell classes.
    public static final Preset BERT_SMALL = new Preset(
            "bert-small",
            "a BERT on 4,096 tokens of a WordPiece, 4 layers, 128 channels, 1.3 million parameters: minutes on a laptop",
            4096,
            EncoderSize.of(48, 4, 4, 128),
            CHAR_SMALL
                    .train()
                    .withSteps(4000)
                    .withBatchSize(64)
                    .withLr(2e-3)
                    .withMinLr(2e-4)
                    .withWarmup(200),
            RunTask.MLM);

    /// To see whether masked-language modelling works.
    public static final Preset BERT_TINY = new Preset(
            "bert-tiny",
            "a BERT on 512 tokens of a WordPiece, 2 layers, 32 channels, 45 thousand parameters, 300 steps: seconds",
            512,
            EncoderSize.of(32, 2, 2, 32),
            CHAR_TINY.train().withLr(3e-3),
            RunTask.MLM);

    /// A small encoder that gives texts vectors.
    public static final Preset VECTORS_SMALL = new Preset(
            "vectors-small",
            "vectors of texts: 16,384 tokens of a WordPiece, 1 layers, 256 channels, 5.0 million parameters: minutes",
            16_384,
            EncoderSize.of(48, 1, 4, 256),
            CHAR_SMALL
                    .train()
                    .withSteps(2000)
                    .withBatchSize(256)
                    .withLr(2e-3)
                    .withMinLr(1e-4)
                    .withWarmup(100)
                    .withEvalEvery(500)
                    .withEvalBatches(20),
            RunTask.CONTRASTIVE);

    /// To see whether contrastive learning works.
    public static final Preset VECTORS_TINY = new Preset(
            "vectors-tiny",
            "vectors of texts: 512 tokens of a WordPiece, 1 layers, 32 channels, 30 thousand parameters: seconds",
            512,
            EncoderSize.of(32, 1, 2, 32),
            CHAR_TINY.train().withBatchSize(32).withLr(3e-3),
            RunTask.CONTRASTIVE);

    public static final List<Preset> ALL = List.of(
            CHAR_TINY,
            CHAR_SMALL,
            CHAR_MEDIUM,
            BPE_SMALL,
            LLAMA_SMALL,
            BERT_TINY,
            BERT_SMALL,
            VECTORS_TINY,
            VECTORS_SMALL);

    /// Where a task starts unless a preset is named.
    public static Preset of(RunTask task) {
        return switch (task) {
            case LM -> CHAR_SMALL;
            case MLM -> BERT_SMALL;
            case CONTRASTIVE -> VECTORS_SMALL;
        };
    }

    /// The one of that name, if there is one.
    public static Optional<Preset> named(String name) {
        return ALL.stream().filter(preset -> preset.name().equals(name)).findFirst();
    }

    public static String names() {
        return ALL.stream().map(Preset::name).collect(Collectors.joining(", "));
    }

    /// A line for each, for the help.
    public static String[] help() {
        return ALL.stream()
                .map(preset ->
                        "  " + preset.name() + ": " + preset.about() + (preset == CHAR_SMALL ? "; the default" : ""))
                .toArray(String[]::new);
    }

    @Override
    public String toString() {
        return name;
    }
}
