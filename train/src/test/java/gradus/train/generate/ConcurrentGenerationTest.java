package gradus.train.generate;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.FeedForwards;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Norms;
import gradus.layers.model.config.Positions;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// A model in evaluation, used by several threads at once: every result is what it is alone, bit for bit.
class ConcurrentGenerationTest {
    private static final int THREADS = 4;
    private static final int CONTEXT = 48;
    private static final GptConfig PLAIN = new GptConfig(17, CONTEXT, 2, 2, 16, 0.2);

    /// What keeps something from one call to the next, or shares something between blocks.
    private static Map<String, GptConfig> models() {
        Map<String, GptConfig> models = new LinkedHashMap<>();
        models.put("plain", PLAIN);
        models.put("rope", PLAIN.withPosition(new Positions.Rope(100)).withNorm(new Norms.Rms(1e-6)));
        models.put("dynamic NTK", PLAIN.withPosition(new Positions.DynamicNtk(100, 2, 4)));
        models.put("dual chunks", PLAIN.withPosition(new Positions.DualChunk(100, 4, 8)));
        models.put("T5", PLAIN.withPosition(new Positions.T5()));
        models.put("Transformer-XL", PLAIN.withPosition(new Positions.TransformerXl()));
        models.put("grouped", PLAIN.withAttention(new Attentions.GroupedQuery(1)));
        models.put("BigBird", PLAIN.withAttention(new Attentions.BigBird(4, 1, 0)));
        models.put("batch norm", PLAIN.withNorm(new Norms.Batch(1e-5, 0.1)));
        models.put("experts", PLAIN.withFeedForward(new FeedForwards.Mixtral(4, 2, 16, 0.01)));
        return models;
    }

    @Test
    void u8_severalThreadsGenerateWithOneModel() throws Exception {
        for (var entry : models().entrySet()) {
            Gpt gpt = new Gpt(entry.getValue(), Rng.of(1));
            gpt.eval();
            Generator generator = new Generator(gpt, Sampling.defaults());
            List<Callable<int[]>> calls = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                int[] prompt = tokens(i, 1 + 5 * i % 23);
                Rng rng = Rng.of(100 + i);
                calls.add(() -> generator.generate(prompt, 30, rng, token -> true));
            }
            requireAlike(entry.getKey(), calls);
        }
    }

    /// Sequences of many lengths in turn, so that tables which belong to a length change hands all the time.
    @Test
    void u8_severalThreadsEvaluateOneModel() throws Exception {
        for (var entry : models().entrySet()) {
            Gpt gpt = new Gpt(entry.getValue(), Rng.of(2));
            gpt.eval();
            List<Callable<float[]>> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                int[] ids = tokens(i, 1 + 7 * i % CONTEXT);
                calls.add(() -> {
                    try (var scope = Scope.open();
                            var pause = Autograd.noGrad()) {
                        return gpt.forward(Indices.of(ids).reshape(1, ids.length))
                                .toFloatArray();
                    }
                });
            }
            requireAlike(entry.getKey(), calls);
        }
    }

    private static <T> void requireAlike(String model, List<Callable<T>> calls) throws Exception {
        List<T> alone = new ArrayList<>();
        for (Callable<T> call : calls) {
            alone.add(call.call());
        }
        CyclicBarrier start = new CyclicBarrier(THREADS);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<List<T>>> all = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int first = thread * calls.size() / THREADS; // each in an order of its own
                all.add(threads.submit(() -> {
                    start.await();
                    List<T> results = new ArrayList<>();
                    for (int i = 0; i < calls.size(); i++) {
                        results.add(calls.get((first + i) % calls.size()).call());
                    }
                    return results;
                }));
            }
            for (int thread = 0; thread < THREADS; thread++) {
                List<T> together = all.get(thread).get();
                int first = thread * calls.size() / THREADS;
                for (int i = 0; i < together.size(); i++) {
                    int call = (first + i) % calls.size();
                    assertThat(together.get(i))
                            .as("%s, thread %d, call %d", model, thread, call)
                            .isEqualTo(alone.get(call));
                }
            }
        }
    }

    private static int[] tokens(int seed, int length) {
        int[] tokens = new int[length];
        for (int i = 0; i < length; i++) {
            tokens[i] = Rng.of(seed).index(i, PLAIN.vocabSize());
        }
        return tokens;
    }
}
