package gradus.train.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.Qwen2;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.model.config.Positions;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.Checkpoints;
import gradus.train.task.InstructionTuning.Rows;
import gradus.train.task.InstructionTuning.Settings;
import gradus.train.task.LanguageModelling.Sizes;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Packed conversations are held against each conversation alone, whose loss is written out here.
class InstructionTuningTest {
    static final int VOCAB = 13;
    static final int CONTEXT = 24;

    /// Sums of a few dozen terms in float64, in another order: some units of 1e-16 each, over values of the
    /// order of 1.
    private static final double ROUNDING = 1e-11;

    /// Logits of the order of 10 after some hundred sums: 100·6e-8, relative to a loss of the order of 10.
    private static final double FLOAT32_ROUNDING = 1e-5;

    private static final Map<Kind, LanguageModel> MODELS = new EnumMap<>(Kind.class);

    @TempDir
    private Path folder;

    /// Every way by which a model knows where a token stands, and masks that end or thin out what it sees.
    enum Kind {
        GPT2,
        LLAMA,
        QWEN2,
        SINUSOIDAL,
        ALIBI,
        T5,
        SHAW,
        NO_POSITION,
        YARN,
        WINDOW,
        STRIDED,
        FIXED,
        MULTI_QUERY;

        LanguageModel model(long seed) {
            return model(seed, DType.FLOAT64);
        }

        LanguageModel model(long seed, DType dtype) {
            Rng rng = Rng.of(seed);
            GptConfig gpt = new GptConfig(VOCAB, CONTEXT, 2, 2, 8, 0.0);
            LlamaConfig llama = LlamaConfig.of(8, 2, 2)
                    .withVocabSize(VOCAB)
                    .withContext(CONTEXT)
                    .withHidden(12);
            LanguageModel model = switch (this) {
                case GPT2 -> new Gpt(gpt, rng);
                case LLAMA -> new Llama(llama.withKvHeads(1), rng);
                case QWEN2 -> new Qwen2(llama, rng);
                case SINUSOIDAL -> new Gpt(gpt.withPosition(new Positions.Sinusoidal()), rng);
                case ALIBI -> new Gpt(gpt.withPosition(new Positions.Alibi()), rng);
                case T5 -> new Gpt(gpt.withPosition(new Positions.T5()), rng);
                case SHAW -> new Gpt(gpt.withPosition(new Positions.Shaw(3)), rng);
                case NO_POSITION -> new Gpt(gpt.withPosition(new Positions.None()), rng);
                case YARN -> new Gpt(gpt.withPosition(new Positions.Yarn(10_000, 2, 12)), rng);
                case WINDOW -> new Gpt(gpt.withAttention(new Attentions.SlidingWindow(3, 2)), rng);
                case STRIDED -> new Gpt(gpt.withAttention(new Attentions.Strided(3)), rng);
                case FIXED -> new Gpt(gpt.withAttention(new Attentions.Fixed(4, 1, 2)), rng);
                case MULTI_QUERY -> new Gpt(gpt.withAttention(new Attentions.MultiQuery()), rng);
            };
            model.to(dtype);
            Rng noise = rng.at("noise"); // small first weights would hide what a token sees
            model.namedParameters().forEach((name, parameter) -> {
                double[] values = parameter.toArray();
                for (int i = 0; i < values.length; i++) {
                    values[i] += 0.4 * noise.at(name).gaussian(i);
                }
                try (var pause = Autograd.noGrad()) {
                    parameter.set(values);
                }
            });
            return model;
        }
    }

    /// Conversations of 2 to 14 tokens.
    static Examples examples(long seed, int count) {
        Rng rng = Rng.of(seed).at("examples");
        Examples examples = new Examples();
        for (int i = 0; i < count; i++) {
            Rng own = rng.at(i);
            int[] ids = new int[2 + own.index(0, 13)];
            boolean[] learned = new boolean[ids.length];
            for (int at = 0; at < ids.length; at++) {
                ids[at] = own.at("id").index(at, VOCAB);
                learned[at] = own.at("learned").uniform(at) < 0.5;
            }
            learned[ids.length - 1] = true; // the closing token
            examples.add(ids, learned);
        }
        return examples;
    }

    static InstructionTuning task(LanguageModel model, Examples examples, int batch, int micros, boolean packed) {
        return new InstructionTuning(
                model, examples, new Examples(), new Settings(new Sizes(batch, micros), CONTEXT, packed), Rng.of(3));
    }

    /// The sum of `-log p` over the learned tokens of one conversation alone.
    private static double alone(LanguageModel model, Examples examples, int example) {
        int[] ids = examples.ids(example);
        double[] logits;
        try (var scope = Scope.open();
                var pause = Autograd.noGrad()) {
            logits = model.forward(Indices.of(Shape.of(1, ids.length - 1), Arrays.copyOf(ids, ids.length - 1)))
                    .toArray();
        }
        double sum = 0;
        for (int at = 1; at < ids.length; at++) {
            if (examples.learned(example, at)) {
                double[] row = Arrays.copyOfRange(logits, (at - 1) * VOCAB, at * VOCAB);
                double total = Arrays.stream(row).map(Math::exp).sum();
                sum += Math.log(total) - row[ids[at]];
            }
        }
        return sum;
    }

    private static long learned(Examples examples, int example) {
        return IntStream.range(0, examples.length(example))
                .filter(at -> examples.learned(example, at))
                .count();
    }

    /// The gradients of a step, which weighs its parts as the trainer does.
    private static Map<String, double[]> gradients(LanguageModel model, List<Rows> parts) {
        model.namedParameters().values().forEach(parameter -> parameter.zeroGrad());
        double counted = parts.stream().mapToLong(Rows::counted).sum();
        for (Rows part : parts) {
            try (var scope = Scope.open()) {
                part.loss().mul(part.counted() / counted).backward();
            }
        }
        Map<String, double[]> gradients = new LinkedHashMap<>();
        model.namedParameters()
                .forEach((name, parameter) -> gradients.put(
                        name,
                        parameter.grad() == null
                                ? new double[parameter.size()]
                                : parameter.grad().toArray()));
        return gradients;
    }

    @ParameterizedTest
    @EnumSource
    void lossAndGradientsOfPackedRowsAreThoseOfEachConversationAlone(Kind kind) {
        LanguageModel model = kind.model(1);
        Examples examples = examples(1, 9);
        InstructionTuning packed = task(model, examples, 2, 2, true);
        List<Rows> parts = packed.parts(0);
        double loss = 0;
        long counted = 0;
        for (Rows part : parts) {
            loss += part.loss().item() * part.counted();
            counted += part.counted();
        }
        int[][] rows =
                new Packing(IntStream.range(0, 9).map(examples::places).toArray(), CONTEXT, true, Rng.of(3)).rows(0, 4);
        Examples shared = new Examples();
        double expected = 0;
        for (int[] row : rows) {
            for (int example : row) {
                expected += alone(model, examples, example);
                boolean[] marks = new boolean[examples.length(example)];
                for (int at = 0; at < marks.length; at++) {
                    marks[at] = examples.learned(example, at);
                }
                shared.add(examples.ids(example), marks);
            }
        }
        assertThat(counted)
                .isEqualTo(Arrays.stream(rows)
                        .flatMapToInt(Arrays::stream)
                        .mapToLong(example -> learned(examples, example))
                        .sum());
        assertThat(loss / counted).isCloseTo(expected / counted, within(ROUNDING));

        Map<String, double[]> together = gradients(model, packed.parts(0));
        InstructionTuning single = task(model, shared, 1, shared.count(), false);
        Map<String, double[]> apart = gradients(model, single.parts(0));
        together.forEach(
                (name, gradient) -> assertThat(gradient).as(name).containsExactly(apart.get(name), within(ROUNDING)));
    }

    /// Nothing but the conversation itself and what is filled in: other documents of the row may be any.
    @Property(tries = 200)
    void otherConversationsOfARowChangeNothing(@ForAll @IntRange(max = 1_000_000) int seed) {
        Kind kind = Kind.values()[seed % Kind.values().length];
        LanguageModel model = MODELS.computeIfAbsent(kind, each -> each.model(1, DType.FLOAT32));
        Examples some = examples(seed, 6);
        Rows part = task(model, some, 1, 1, true).parts(seed % 3).getFirst();
        double sum = part.loss().item() * part.counted();
        double expected = 0;
        int[] row = new Packing(IntStream.range(0, 6).map(some::places).toArray(), CONTEXT, true, Rng.of(3))
                .rows(seed % 3, 1)[0];
        for (int example : row) {
            expected += alone(model, some, example);
        }
        assertThat(sum).isCloseTo(expected, within(FLOAT32_ROUNDING * expected));
    }

    /// What is read at a place is followed by what is predicted there, and only what is learned is.
    @Test
    void targetsAreTheNextTokensOfTheAssistant() {
        Examples examples = new Examples();
        examples.add(new int[] {5, 6, 7, 8}, new boolean[] {false, false, true, true});
        Batch batch = task(Kind.GPT2.model(1), examples, 1, 1, true)
                .parts(0)
                .getFirst()
                .batch();
        assertThat(batch.inputs().values()).containsExactly(5, 6, 7);
        assertThat(batch.targets().values()).containsExactly(-100, 7, 8);
    }

    @Test
    void evaluationIsTheMeanOverAllLearnedTokensHeldOut() {
        LanguageModel model = Kind.LLAMA.model(2);
        Examples heldOut = examples(8, 11);
        for (boolean packed : new boolean[] {true, false}) {
            InstructionTuning task = new InstructionTuning(
                    model, examples(1, 3), heldOut, new Settings(new Sizes(2, 1), CONTEXT, packed), Rng.of(1));
            double expected = IntStream.range(0, 11)
                            .mapToDouble(i -> alone(model, heldOut, i))
                            .sum()
                    / heldOut.learnedTokens();
            assertThat(task.evaluate(0).orElseThrow()).isCloseTo(expected, within(ROUNDING));
        }
        assertThat(task(model, examples(1, 3), 1, 1, true).evaluate(0)).isEmpty();
    }

    /// Checkpointing computes packed blocks again: same numbers.
    @Test
    void recomputedBlocksOfPackedRowsHaveTheSameGradients() {
        LanguageModel model = Kind.GPT2.model(3);
        model.train();
        InstructionTuning task = task(model, examples(4, 8), 2, 1, true);
        Map<String, double[]> kept = gradients(model, task.parts(0));
        model.checkpointing(true);
        Map<String, double[]> again = gradients(model, task.parts(0));
        kept.forEach((name, gradient) -> assertThat(again.get(name)).as(name).containsExactly(gradient));
    }

    private static List<double[]> weights(LanguageModel model) {
        return model.parameters().stream().map(parameter -> parameter.toArray()).toList();
    }

    private Trainer trainer(LanguageModel model, int steps, Path checkpoints) {
        TrainConfig config =
                TrainConfig.defaults().withSteps(12).withLr(1e-2).withWarmup(0).withCheckpointEvery(5);
        InstructionTuning task = new InstructionTuning(
                model, examples(6, 10), examples(7, 3), new Settings(new Sizes(2, 1), CONTEXT, true), Rng.of(1));
        Trainer trainer = Trainer.of(task, config).saveTo(new Checkpoints(checkpoints, 2), () -> 0);
        return trainer.listen(new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (report.step() == steps) {
                    trainer.requestStop();
                }
            }
        });
    }

    @Test
    void aResumedTrainingIsTheSameBitForBit() {
        LanguageModel whole = Kind.QWEN2.model(1);
        trainer(whole, 12, folder.resolve("whole")).run();
        trainer(Kind.QWEN2.model(1), 7, folder.resolve("cut")).run();
        LanguageModel resumed = Kind.QWEN2.model(2);
        Trainer second = trainer(resumed, 12, folder.resolve("cut"));
        assertThat(second.resume()).isPresent();
        second.run();
        assertThat(weights(resumed)).usingRecursiveComparison().isEqualTo(weights(whole));
    }

    /// Rows of 24 places: one for 10 + 10 tokens that are read, one for 20; the last of each is only told.
    @Test
    void theLoadIsTheShareOfPlacesThatAreRead() {
        Examples examples = new Examples();
        for (int length : new int[] {11, 11, 21}) {
            boolean[] learned = new boolean[length];
            learned[length - 1] = true;
            examples.add(new int[length], learned);
        }
        LanguageModel model = Kind.GPT2.model(1);
        assertThat(task(model, examples, 1, 1, true).load())
                .isEqualTo(new InstructionTuning.Load(2, 40 / (2.0 * CONTEXT)));
        assertThat(task(model, examples, 1, 1, false).load())
                .isEqualTo(new InstructionTuning.Load(3, 40 / (3.0 * CONTEXT)));
    }
}
