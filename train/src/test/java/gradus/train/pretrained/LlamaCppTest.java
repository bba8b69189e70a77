package gradus.train.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.model.Gpt;
import gradus.layers.model.GptConfig;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.LlamaConfig;
import gradus.layers.model.Qwen2;
import gradus.tensor.Rng;
import gradus.tokenizer.BpeTrainer;
import gradus.tokenizer.BpeTrainerOptions;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.Gpt2PreTokenizer;
import gradus.tokenizer.Llama3PreTokenizer;
import gradus.tokenizer.PreTokenizer;
import gradus.tokenizer.Qwen2PreTokenizer;
import gradus.train.Evaluation;
import gradus.train.Losses;
import gradus.train.Split;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.checkpoint.GgufType;
import gradus.train.corpus.WordNetCorpus;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What llama.cpp makes of our files. Small models learn a page of the dictionary for a moment, so that what they
/// write depends on the prompt; then they go on from the same prompts there and here.
///
/// The Java binding of llama.cpp gives no logits, so what quantisation costs is measured on the file as our own reader
/// widens it; its blocks are those of llama.cpp to the bit (GgufTest).
class LlamaCppTest {
    private static final int ADDED = 64;
    private static final List<String> PAGE = IntStream.range(0, 60)
            .mapToObj(i -> WordNetCorpus.entries().get(1000 + 1901 * i))
            .toList();

    @TempDir
    private Path folder;

    private static ByteLevelBpe tokenizer(PreTokenizer rule) {
        return new BpeTrainer(BpeTrainerOptions.of(384).withPreTokenizer(rule)).train(String.join("\n", PAGE));
    }

    private static int[] page(ByteLevelBpe tokenizer) {
        return tokenizer.encode(String.join("\n", PAGE));
    }

    private static <M extends LanguageModel> M trained(M model, ByteLevelBpe tokenizer) {
        TrainConfig config = TrainConfig.defaults()
                .withSteps(150)
                .withBatchSize(8)
                .withLr(5e-3)
                .withWarmup(10);
        new Trainer(model, config, Split.holdOut(page(tokenizer), 0)).run();
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

    private static List<String> ours(LanguageModel model, ByteLevelBpe tokenizer, List<String> prompts) {
        int end = tokenizer.tokenToId("<|endoftext|>");
        int[][] added = new Generator(model, Sampling.greedy())
                .generate(prompts.stream().map(tokenizer::encode).toList(), ADDED, Rng.of(1), (text, id) -> id != end);
        return Arrays.stream(added).map(tokenizer::decode).toList();
    }

    private Path write(LanguageModel model, ByteLevelBpe tokenizer, GgufType type) {
        Path file = folder.resolve("model-" + type + ".gguf");
        new GgufModel(model, tokenizer).write(file, type);
        return file;
    }

    private void goesOnAlike(LanguageModel model, ByteLevelBpe tokenizer) throws IOException, InterruptedException {
        List<String> prompts = prompts();
        List<String> ours = ours(model, tokenizer, prompts);
        List<LlamaCpp.Answer> theirs = LlamaCpp.goOn(write(model, tokenizer, GgufType.F32), prompts, ADDED);
        for (int i = 0; i < prompts.size(); i++) {
            assertThat(theirs.get(i).ids()).as(prompts.get(i)).isEqualTo(tokenizer.encode(prompts.get(i)));
            assertThat(theirs.get(i).text()).as(prompts.get(i)).isEqualTo(ours.get(i));
        }
        assertThat(ours.stream().distinct().count()).isGreaterThan(5); // the prompts told
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
        ByteLevelBpe tokenizer = tokenizer(new Llama3PreTokenizer());
        goesOnAlike(trained(new Llama(small(tokenizer), Rng.of(1)), tokenizer), tokenizer);
    }

    @Test
    void qwen2GoesOnAlike() throws IOException, InterruptedException {
        ByteLevelBpe tokenizer = tokenizer(new Qwen2PreTokenizer());
        goesOnAlike(trained(new Qwen2(small(tokenizer).withTied(true), Rng.of(1)), tokenizer), tokenizer);
    }

    @Test
    void gpt2GoesOnAlike() throws IOException, InterruptedException {
        ByteLevelBpe tokenizer = tokenizer(new Gpt2PreTokenizer());
        GptConfig config = new GptConfig(tokenizer.vocabularySize(), 128, 2, 4, 64, 0);
        goesOnAlike(trained(new Gpt(config, Rng.of(1)), tokenizer), tokenizer);
    }

    @Test
    void eightBitsCostUnderOnePercentOfPerplexity() throws IOException, InterruptedException {
        ByteLevelBpe tokenizer = tokenizer(new Llama3PreTokenizer());
        Llama model = trained(new Llama(small(tokenizer), Rng.of(1)), tokenizer);
        Path file = write(model, tokenizer, GgufType.Q8_0);
        double exact = perplexity(model, tokenizer);
        assertThat(perplexity(GgufModel.read(file).model(), tokenizer)).isCloseTo(exact, within(0.01 * exact));
        assertThat(LlamaCpp.goOn(file, prompts(), ADDED))
                .allSatisfy(answer -> assertThat(answer.text()).isNotBlank());
    }

    private static double perplexity(LanguageModel model, ByteLevelBpe tokenizer) {
        return Math.exp(new Evaluation(model, Losses.crossEntropy(), 8).whole(page(tokenizer)));
    }
}
