package gradus.train.pretrained;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.layers.Layer;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.config.BertConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.position.DynamicNtk;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.tokenizer.WordPiece;
import gradus.tokenizer.train.WordPieceLikelihoodTrainer;
import gradus.tokenizer.train.WordPieceTrainerOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Models in evaluation, and embeddings, used by several threads at once give each what one thread alone gets.
class ConcurrentUseTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 20;

    private static Layer golden(String name) {
        return HuggingFaceFolder.load(
                Path.of(ConcurrentUseTest.class.getResource(name).getPath()));
    }

    private static double[] run(Layer model, int length) {
        Indices ids = Indices.of(
                Shape.of(1, length),
                IntStream.range(0, length).map(i -> (5 * i + length) % 60).toArray());
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            return (model instanceof LanguageModel decoder
                            ? decoder.forward(ids)
                            : ((BertEncoder) model)
                                    .forward(ids, Indices.of(Shape.of(1, length), new int[length]), KeyMask.full()))
                    .toArray();
        }
    }

    /// Runs an action on all threads at once and compares each result with that of this thread.
    private static <T> void together(List<Callable<T>> actions) throws Exception {
        List<T> expected = new ArrayList<>();
        for (Callable<T> action : actions) {
            expected.add(action.call());
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Void>> all = new ArrayList<>();
            CountDownLatch start = new CountDownLatch(THREADS);
            for (int t = 0; t < THREADS; t++) {
                int first = t;
                all.add(threads.submit(() -> {
                    start.countDown();
                    start.await();
                    for (int i = 0; i < ROUNDS; i++) {
                        int which = (first + i) % actions.size();
                        assertThat(actions.get(which).call()).isEqualTo(expected.get(which));
                    }
                    return null;
                }));
            }
            for (Future<Void> one : all) {
                one.get();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "bert", "llama", "llama3", "qwen2_yarn", "mixtral"})
    void modelsInEvaluation(String name) throws Exception {
        Layer model = golden(name);
        List<Callable<double[]>> lengths = new ArrayList<>();
        for (int length = 1; length <= 16; length += 3) {
            int own = length;
            lengths.add(() -> run(model, own));
        }
        together(lengths);
    }

    /// Lengths beyond what was trained change the tables that blocks share.
    @Test
    void frequenciesThatFollowTheLength() throws Exception {
        LlamaConfig config = LlamaConfig.of(16, 2, 2).withVocabSize(61).withContext(64);
        Llama model = new Llama(config.withFrequencies(new DynamicNtk(1e4, 4, 4)), Rng.of(1));
        model.eval();
        together(List.of(() -> run(model, 3), () -> run(model, 9), () -> run(model, 40), () -> run(model, 17)));
    }

    @Test
    void embeddings() throws Exception {
        List<String> texts = List.of("the quick brown fox", "jumps", "over the lazy dog the dog the dog", "");
        WordPiece tokenizer = new WordPieceLikelihoodTrainer(WordPieceTrainerOptions.of(60)).train(texts);
        BertConfig size = new BertConfig(tokenizer.vocabularySize(), 16, 2, 1, 2, 8, 12, 0, 1e-12);
        SentenceEmbedding embedding = new SentenceEmbedding(new BertEncoder(size, Rng.of(1)), tokenizer);
        List<Callable<float[]>> each = new ArrayList<>();
        texts.forEach(text -> each.add(() -> embedding.embed(text)));
        together(each);
    }
}
