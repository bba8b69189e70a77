package gradus.train.pretrained.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.Mixtral;
import gradus.layers.model.Qwen2;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.position.Llama3Scaling;
import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.PositionInterpolation;
import gradus.layers.position.RopeFrequencies;
import gradus.layers.position.Yarn;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.pretokenize.Gpt2PreTokenizer;
import gradus.tokenizer.pretokenize.Llama3PreTokenizer;
import gradus.tokenizer.pretokenize.PreTokenizer;
import gradus.tokenizer.pretokenize.Qwen2PreTokenizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.GgufType;
import gradus.train.corpus.WordNetCorpus;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import gradus.train.pretrained.SentenceEmbedding;
import gradus.train.task.Evaluation;
import gradus.train.task.Loss;
import gradus.train.task.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What llama.cpp makes of our files. Small models learn a page of the dictionary, then they go on from the
/// same prompts there and here, always with the likeliest token. Where two tokens are as good as equally
/// likely, rounding decides between them, so a text is compared up to the first such place.
///
/// The Java binding of llama.cpp gives no logits, so what quantisation costs is measured on the file as our
/// own reader widens it; its blocks are those of llama.cpp to the bit (GgufTest).
class LlamaCppTest {
    private static final int ADDED = 64;
    private static final List<String> PAGE = IntStream.range(0, 60)
            .mapToObj(i -> WordNetCorpus.entries().get(1000 + 1901 * i))
            .toList();

    /// Float32 on both sides, in other orders; logits are of the order of 10.
    private static final double ROUNDING = 1e-3;

    private static ByteLevelBpe llamaTokenizer;
    private static Llama llama;

    @TempDir
    private Path folder;

    @BeforeAll
    static void train() {
        llamaTokenizer = tokenizer(new Llama3PreTokenizer());
        llama = trained(new Llama(small(llamaTokenizer), Rng.of(1)), llamaTokenizer);
    }

    private static ByteLevelBpe tokenizer(PreTokenizer rule) {
        return new BpeTrainer(BpeTrainerOptions.of(384).withPreTokenizer(rule)).train(String.join("\n", PAGE));
    }

    private static int[] page(ByteLevelBpe tokenizer) {
        return tokenizer.encode(String.join("\n", PAGE));
    }

    private static <M extends LanguageModel> M trained(M model, ByteLevelBpe tokenizer) {
        TrainConfig config = TrainConfig.defaults()
                .withSteps(250)
                .withBatchSize(4)
                .withLr(5e-3)
                .withWarmup(10);
        Trainer.of(model, config, Split.holdOut(page(tokenizer), 0)).run();
        model.eval();
        return model;
    }

    /// 16 beginnings of entries on the page, and others.
    private static List<String> prompts() {
        List<String> prompts = new ArrayList<>(List.of("a", "It's  3 o'clock\n", "Größe:\t12345 Ω", " ("));
        for (int i = 0; i < 16; i++) {
            prompts.add(PAGE.get(3 * i).substring(0, 10 + i).strip());
        }
        return prompts;
    }

    private static int[][] ours(LanguageModel model, ByteLevelBpe tokenizer, List<String> prompts) {
        int end = tokenizer.tokenToId("<|endoftext|>");
        return new Generator(model, Sampling.greedy())
                .generate(prompts.stream().map(tokenizer::encode).toList(), ADDED, Rng.of(1), (text, id) -> id != end);
    }

    /// How many of the added tokens come before the first whose logit is above every other by less than the
    /// margin.
    private static int clear(LanguageModel model, int[] prompt, int[] added, double margin) {
        int[] ids =
                IntStream.concat(Arrays.stream(prompt), Arrays.stream(added)).toArray();
        double[] logits;
        try (var scope = Scope.open();
                var pause = Autograd.noGrad()) {
            logits = model.forward(Indices.of(Shape.of(1, ids.length), ids)).toArray(); // (1, T, V)
        }
        int size = model.vocabSize();
        for (int i = 0; i < added.length; i++) {
            int from = (prompt.length - 1 + i) * size;
            double[] sorted = Arrays.stream(logits, from, from + size).sorted().toArray();
            if (sorted[size - 1] - sorted[size - 2] < margin) {
                return i;
            }
        }
        return added.length;
    }

    private Path write(LanguageModel model, ByteLevelBpe tokenizer, GgufType type) {
        Path file = folder.resolve("model-" + type + ".gguf");
        new GgufModel(model, tokenizer).write(file, type);
        return file;
    }

    /// @param margin what llama.cpp's rounding can make of a logit
    /// @param share  of the tokens that must be clear, so that the comparison says something
    private void goesOnAlike(LanguageModel model, ByteLevelBpe tokenizer, double margin, double share)
            throws IOException, InterruptedException {
        goesOnAlike(model, write(model, tokenizer, GgufType.F32), tokenizer, margin, share);
    }

    /// @param model what the file holds
    private static void goesOnAlike(LanguageModel model, Path file, ByteLevelBpe tokenizer, double margin, double share)
            throws IOException, InterruptedException {
        List<String> prompts = prompts();
        int[][] ours = ours(model, tokenizer, prompts);
        List<LlamaCpp.Answer> theirs = LlamaCpp.goOn(file, prompts, ADDED);
        int compared = 0;
        for (int i = 0; i < prompts.size(); i++) {
            int[] prompt = tokenizer.encode(prompts.get(i));
            assertThat(theirs.get(i).ids()).as(prompts.get(i)).isEqualTo(prompt);
            int clear = clear(model, prompt, ours[i], margin);
            compared += clear;
            String text = tokenizer.decode(Arrays.copyOf(ours[i], clear));
            if (clear == ours[i].length) {
                assertThat(theirs.get(i).text()).as(prompts.get(i)).isEqualTo(text);
            } else {
                assertThat(theirs.get(i).text()).as(prompts.get(i)).startsWith(text.replaceAll("\uFFFD+$", ""));
            }
        }
        int all = Arrays.stream(ours).mapToInt(added -> added.length).sum();
        assertThat(compared).isGreaterThan((int) (share * all));
        assertThat(Arrays.stream(ours).map(Arrays::toString).distinct().count()).isGreaterThan(10); // the prompts told
    }

    private static LlamaConfig small(ByteLevelBpe tokenizer) {
        return LlamaConfig.of(64, 4, 2)
                .withVocabSize(tokenizer.vocabularySize())
                .withContext(128)
                .withKvHeads(2)
                .withHidden(160);
    }

    @Test
    void llamaGoesOnAlike() throws IOException, InterruptedException {
        goesOnAlike(llama, llamaTokenizer, ROUNDING, 0.9);
    }

    @Test
    void qwen2GoesOnAlike() throws IOException, InterruptedException {
        ByteLevelBpe tokenizer = tokenizer(new Qwen2PreTokenizer());
        goesOnAlike(
                trained(new Qwen2(small(tokenizer).withTied(true), Rng.of(1)), tokenizer), tokenizer, ROUNDING, 0.9);
    }

    /// llama.cpp looks GELU up in a table of float16. Its 11 bits make an error of 2⁻¹² of an activation, in 512
    /// activations of some units about a hundredth of a logit; a few times that is allowed, and so fewer tokens
    /// are clear.
    @Test
    void gpt2GoesOnAlike() throws IOException, InterruptedException {
        ByteLevelBpe tokenizer = tokenizer(new Gpt2PreTokenizer());
        GptConfig config = new GptConfig(tokenizer.vocabularySize(), 128, 2, 4, 64, 0);
        goesOnAlike(trained(new Gpt(config, Rng.of(1)), tokenizer), tokenizer, 0.05, 0.3);
    }

    @Test
    void mixtralGoesOnAlike() throws IOException, InterruptedException {
        Mixtral mixtral = new Mixtral(small(llamaTokenizer).withHidden(64), 4, 2, Rng.of(1));
        goesOnAlike(trained(mixtral, llamaTokenizer), llamaTokenizer, ROUNDING, 0.9);
    }

    /// Trained on 32 tokens, so that of the pairs some are slowed, some mixed and some kept.
    @Test
    void llama3sScalingGoesOnAlike() throws IOException, InterruptedException {
        Llama3Scaling scaling = new Llama3Scaling(10_000, 8, 32, Llama3Scaling.Rotations.OF_LLAMA);
        scaledGoesOnAlike(scaling, new Llama3Scaling(10_000, 1, 32, Llama3Scaling.Rotations.OF_LLAMA));
    }

    @Test
    void yarnGoesOnAlike() throws IOException, InterruptedException {
        scaledGoesOnAlike(new Yarn(10_000, 4, 32), new PlainFrequencies(10_000));
        scaledGoesOnAlike(new Yarn(10_000, 4, 32, Yarn.Rotations.OF_PAPER, 1.5), new Yarn(10_000, 4, 32));
    }

    @Test
    void linearScalingGoesOnAlike() throws IOException, InterruptedException {
        scaledGoesOnAlike(new PositionInterpolation(10_000, 4), new PlainFrequencies(10_000));
    }

    /// The weights learnt without a scaling go on otherwise with one: an answer that is alike has obeyed it.
    ///
    /// @param other what the answers must not be those of
    private void scaledGoesOnAlike(RopeFrequencies frequencies, RopeFrequencies other)
            throws IOException, InterruptedException {
        Llama scaled = new Llama(llama.config().withFrequencies(frequencies), Rng.of(1));
        Llama without = new Llama(llama.config().withFrequencies(other), Rng.of(1));
        for (Llama each : List.of(scaled, without)) {
            each.namedParameters()
                    .forEach((name, p) -> p.copyFrom(llama.namedParameters().get(name)));
            each.eval();
        }
        assertThat(Arrays.deepEquals(ours(scaled, llamaTokenizer, prompts()), ours(without, llamaTokenizer, prompts())))
                .isFalse();
        goesOnAlike(scaled, llamaTokenizer, ROUNDING, 0.8);
    }

    /// The same file there and here, each widening its weights by itself: the likeliest token behind
    /// beginnings of entries. llama.cpp rounds activations too, before it multiplies them: to the type of the
    /// weights, or beside quantised ones to eight bits, half a step of which is 1/254 of the largest of 32.
    /// BF16 has 1/512 of each, F16 an eighth of that. Over some products of 64 to 160 channels of both signs,
    /// logits of about 10 are uncertain by some hundredths; a few times that is allowed.
    @ParameterizedTest
    @CsvSource({"F16, 0.05", "BF16, 0.4", "Q4_0, 0.4"})
    void typesThatAreWrittenGiveTheSameTokens(GgufType type, double margin) throws IOException, InterruptedException {
        Path file = write(llama, llamaTokenizer, type);
        assertThat(Gguf.open(file).type("blk.0.ffn_up.weight")).isEqualTo(type);
        LanguageModel read = GgufModel.read(file).languageModel();
        List<String> beginnings = IntStream.range(0, 60)
                .mapToObj(i -> PAGE.get(i % PAGE.size()))
                .flatMap(entry -> Stream.of(2, 3, 4).map(part -> entry.substring(0, entry.length() / part)))
                .map(String::strip)
                .distinct()
                .toList();
        List<LlamaCpp.Answer> theirs = LlamaCpp.goOn(file, beginnings, 1);
        int compared = 0;
        for (int i = 0; i < beginnings.size(); i++) {
            int[] ids = llamaTokenizer.encode(beginnings.get(i));
            int[] likeliest = likeliest(read, ids);
            if (clear(read, ids, likeliest, margin) == 1) {
                String text = llamaTokenizer.decode(likeliest);
                if (!text.contains("\uFFFD") && likeliest[0] != llamaTokenizer.tokenToId("<|endoftext|>")) {
                    assertThat(theirs.get(i).text()).as(beginnings.get(i)).isEqualTo(text);
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(45);
    }

    private static int[] likeliest(LanguageModel model, int[] ids) {
        return new Generator(model, Sampling.greedy()).generate(List.of(ids), 1, Rng.of(1), (text, id) -> true)[0];
    }

    /// llama.cpp's GELU comes from a table of float16, off by 2⁻¹² of an activation; of a vector of length 1,
    /// whose 64 numbers are about 1/8 each, two layers of it leave no more than a few 2⁻¹².
    @ParameterizedTest
    @EnumSource(names = {"MEAN", "CLS", "LAST"})
    void bertGivesTheSameVectors(GgufPooling pooling) throws IOException, InterruptedException {
        Path file = folder.resolve("bert.gguf");
        new GgufModel(GgufSamples.model("BERT"), GgufSamples.words(folder, true), pooling).write(file, GgufType.F32);
        List<String> texts = List.of("the whales", "The Whale, é E", "hé the whale, the whale", "e");
        float[][] theirs = LlamaCpp.embed(file, texts);
        SentenceEmbedding ours = GgufModel.read(file).sentenceEmbedding();
        for (int i = 0; i < texts.size(); i++) {
            float[] vector = ours.embed(texts.get(i));
            double length = 0;
            for (float x : theirs[i]) {
                length += (double) x * x;
            }
            assertThat(theirs[i]).hasSameSizeAs(vector);
            for (int k = 0; k < vector.length; k++) {
                assertThat(theirs[i][k] / Math.sqrt(length)).as(texts.get(i)).isCloseTo(vector[k], within(2e-3));
            }
        }
    }

    @Test
    void eightBitsCostUnderOnePercentOfPerplexity() throws IOException, InterruptedException {
        Path file = write(llama, llamaTokenizer, GgufType.Q8_0);
        double exact = perplexity(llama, llamaTokenizer);
        assertThat(perplexity(GgufModel.read(file).languageModel(), llamaTokenizer))
                .isCloseTo(exact, within(0.01 * exact));
        assertThat(LlamaCpp.goOn(file, prompts(), ADDED))
                .allSatisfy(answer -> assertThat(answer.text()).isNotBlank());
    }

    private static double perplexity(LanguageModel model, ByteLevelBpe tokenizer) {
        return Math.exp(new Evaluation(model, Loss.crossEntropy(), 8).whole(page(tokenizer)));
    }
}
