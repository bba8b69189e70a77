package gradus.train.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.model.prompt.PrefixTuned;
import gradus.layers.model.prompt.PromptTuned;
import gradus.layers.model.prompt.SoftPrompted;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.generate.ContinuedGenerator;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import gradus.train.optimizer.AdamConfig;
import gradus.train.optimizer.AdamW;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Training, and nothing of the base changes.
class SoftPromptTuningTest {
    private static final int VOCAB = 9;
    private static final int CONTEXT = 16;

    private static final Map<String, TuningMethod> METHODS = new LinkedHashMap<>(Map.of(
            "prompt", new PromptTuning(4, new PromptStart.Vocabulary()),
            "random prompt", new PromptTuning(4, new PromptStart.Random()),
            "mlp", new PTuning(4, PTuning.Encoder.MLP, 12),
            "lstm", new PTuning(4, PTuning.Encoder.LSTM, 0),
            "prefix", new PrefixTuning(4, new PromptStart.Vocabulary()),
            "random prefix", new PrefixTuning(4, new PromptStart.Random()),
            "projected prefix", new ProjectedPrefix(4, 0)));

    private static LanguageModel gpt() {
        return large(new Gpt(new GptConfig(VOCAB, CONTEXT, 2, 2, 8, 0), Rng.of(1)));
    }

    /// With weights large enough for a prompt to be heard, as those of a trained model are.
    private static LanguageModel large(LanguageModel model) {
        model.namedParameters()
                .forEach((name, each) -> each.copyFrom(each.detach()
                        .add(Tensor.randn(Rng.of(7).at(name), each.shape().dims())
                                .mul(0.3))));
        return model;
    }

    private static LanguageModel llama() {
        return large(new Llama(
                LlamaConfig.of(8, 4, 2)
                        .withKvHeads(2)
                        .withHidden(12)
                        .withVocabSize(VOCAB)
                        .withContext(CONTEXT),
                Rng.of(1)));
    }

    /// Sequences in which every token is followed by the next number.
    private static Indices counting(int from) {
        int[] ids = new int[20];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (from + i / 10 * 3 + i % 10) % VOCAB;
        }
        return Indices.of(Shape.of(2, 10), ids);
    }

    private static double[][] values(LanguageModel model) {
        return model.parameters().stream().map(Tensor::toArray).toArray(double[][]::new);
    }

    @Test
    void onlyThePromptLearns() {
        METHODS.forEach((name, method) -> {
            for (LanguageModel base : List.of(gpt(), llama())) {
                double[][] before = values(base);
                Tuned tuned = method.on(base, Rng.of(2));
                SoftPrompted model = (SoftPrompted) tuned.model();
                assertThat(tuned.trained().keySet()).allMatch(each -> each.startsWith("prompt."));
                assertThat(tuned.trainedParameters()).isEqualTo(model.prompt().parameterCount());
                assertThat(tuned.baseParameters()).isEqualTo(base.parameterCount());
                double[] prompt = model.prompt().rows().toArray();
                AdamW adam = new AdamW(tuned.groups(), AdamConfig.defaults());
                model.train();
                double first = 0;
                double last = 0;
                for (int step = 0; step < 20; step++) {
                    try (var scope = Scope.open()) {
                        Tensor loss = model.forward(counting(0))
                                .reshape(20, VOCAB)
                                .crossEntropy(Indices.of(counting(1).values()));
                        first = step == 0 ? loss.item() : first;
                        last = loss.item();
                        adam.zeroGrad();
                        loss.backward();
                        adam.step(0.02);
                    }
                }
                assertThat(last).as("%s of %s", name, base.getClass()).isLessThan(first);
                assertThat(values(base)).isDeepEqualTo(before);
                assertThat(model.prompt().rows().toArray()).isNotEqualTo(prompt);
            }
        });
    }

    @Test
    void startsAreWhatTheySay() {
        LanguageModel base = gpt();
        double[][] table = rows(PromptTuned.tokens(base).weight());
        Tensor vocab = prompt(METHODS.get("prompt"), gpt());
        assertThat(List.of(rows(vocab)))
                .allMatch(row -> List.of(table).stream().anyMatch(each -> Arrays.equals(each, row)));
        Tensor random = prompt(new PromptTuning(100, new PromptStart.Random()), wide());
        assertThat(random.std().item()).isCloseTo(1, within(0.1)); // 800 numbers: 4 times their 1/√1600
        PromptStart drawn = new PromptStart.Vocabulary();
        int[] tokens = drawn.tokens(4, base, null, Rng.of(2));
        assertThat(tokens).isNotEqualTo(drawn.tokens(4, base, null, Rng.of(3)));
        assertThat(Arrays.stream(drawn.tokens(100, base, null, Rng.of(2)))
                        .distinct()
                        .count())
                .isEqualTo(VOCAB);
        assertThat(prompt(METHODS.get("prefix"), gpt()).toArray())
                .isEqualTo(PrefixTuned.ofTokens(gpt(), tokens).toArray());
        assertThat(prompt(METHODS.get("random prefix"), gpt()).shape().dims()).containsExactly(4, 2 * 2 * 8);
    }

    @Test
    void encodersHaveTheSizesThatAreAsked() {
        assertThat(shape(new PTuning(4, PTuning.Encoder.MLP, 12), "mlp_head.0.weight"))
                .containsExactly(12, 8);
        assertThat(shape(new PTuning(4, PTuning.Encoder.MLP, 0), "mlp_head.0.weight"))
                .containsExactly(8, 8);
        assertThat(shape(new PTuning(4, PTuning.Encoder.LSTM, 5), "lstm_head.weight_hh_l1_reverse"))
                .containsExactly(20, 5);
        assertThat(shape(new ProjectedPrefix(4, 5), "transform.0.weight")).containsExactly(5, 8);
        assertThat(shape(new ProjectedPrefix(4, 0), "transform.0.weight")).containsExactly(8, 8);
    }

    private static int[] shape(TuningMethod method, String name) {
        Tensor parameter = method.on(gpt(), Rng.of(2)).trained().get("prompt." + name);
        return parameter.shape().dims();
    }

    private static LanguageModel wide() {
        return new Gpt(new GptConfig(VOCAB, 200, 1, 1, 8, 0), Rng.of(1));
    }

    private static Tensor prompt(TuningMethod method, LanguageModel base) {
        return ((SoftPrompted) method.on(base, Rng.of(2)).model()).prompt().rows();
    }

    private static double[][] rows(Tensor matrix) {
        double[][] rows = new double[matrix.dim(0)][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = matrix.select(0, i).toArray();
        }
        return rows;
    }

    @Test
    void aTextIsRepeatedOrCut() {
        Function<String, int[]> encode = text -> text.chars().map(c -> c - 'a').toArray();
        PromptStart text = new PromptStart.Text("abc");
        assertThat(text.usualCount(encode)).isEqualTo(3);
        assertThat(new PromptStart.Random().usualCount(encode)).isEqualTo(20);
        assertThat(text.tokens(7, gpt(), encode, Rng.of(1))).containsExactly(0, 1, 2, 0, 1, 2, 0);
        assertThat(text.tokens(2, gpt(), encode, Rng.of(1))).containsExactly(0, 1);
        assertThatThrownBy(() -> text.tokens(2, gpt(), none -> new int[0], Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("has no tokens");
        assertThatThrownBy(() -> new PromptStart.Text("")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new PromptTuning(2, text).on(gpt(), Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("needs the base's tokenizer");
    }

    /// Prompts of unequal length side by side, and a text that grows beyond the context: with caches and without,
    /// the likeliest tokens are those of whole passes over what still fits.
    @Test
    void generationGoesOnBehindThePrompt() {
        for (String name : METHODS.keySet()) {
            for (LanguageModel base : List.of(gpt(), llama())) {
                LanguageModel model =
                        METHODS.get(name).on(base, Rng.of(2)).model().eval();
                List<int[]> prompts = List.of(new int[] {1, 2, 3}, new int[] {4}, new int[] {5, 6});
                int[][] added =
                        new Generator(model, Sampling.greedy()).generate(prompts, 14, Rng.of(1), (text, token) -> true);
                for (int i = 0; i < prompts.size(); i++) {
                    assertThat(added[i]).as(name).isEqualTo(slowly(model, prompts.get(i), 14));
                }
            }
        }
    }

    /// Prompts that begin in the same way, and one that does not: the virtual tokens stay where they are.
    @Test
    void aConversationGoesOnBehindThePrompt() {
        for (String name : METHODS.keySet()) {
            LanguageModel model =
                    METHODS.get(name).on(llama(), Rng.of(2)).model().eval();
            try (ContinuedGenerator continued = new ContinuedGenerator(model, id -> true)) {
                for (int[] prompt : new int[][] {{1, 2, 3}, {1, 2, 3, 5, 6}, {1, 2, 4}, {1, 2, 4}, {5}}) {
                    assertThat(continued.generate(prompt, Sampling.greedy(), 4, Rng.of(1), id -> true))
                            .as(name)
                            .isEqualTo(slowly(model, prompt, 4));
                }
                assertThat(continued.read()).isEqualTo(4); // one, and three of the four that it added
            }
        }
    }

    private static int[] slowly(LanguageModel model, int[] prompt, int limit) {
        int[] text = Arrays.copyOf(prompt, prompt.length + limit);
        for (int n = prompt.length; n < text.length; n++) {
            int[] window = Arrays.copyOfRange(text, Math.max(0, n - model.context()), n);
            try (var pause = Autograd.noGrad();
                    var scope = Scope.open()) {
                double[] logits = model.lastLogits(Indices.of(Shape.of(1, window.length), window))
                        .toArray();
                for (int v = 1; v < VOCAB; v++) {
                    text[n] = logits[v] > logits[text[n]] ? v : text[n];
                }
            }
        }
        return Arrays.copyOfRange(text, prompt.length, text.length);
    }

    @Test
    void badInput() {
        for (TuningMethod method : List.of(
                new PromptTuning(CONTEXT, new PromptStart.Random()),
                new PTuning(CONTEXT, PTuning.Encoder.MLP, 3),
                new PrefixTuning(CONTEXT, new PromptStart.Random()),
                new ProjectedPrefix(CONTEXT, 3))) {
            assertThatThrownBy(() -> method.on(gpt(), Rng.of(1))) // BAD-INPUT 33
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("num_virtual_tokens: 16 leave no room for a token in the context of 16; use fewer");
        }
        assertThatThrownBy(() -> new PTuning(0, PTuning.Encoder.MLP, 3).on(gpt(), Rng.of(1)))
                .hasMessage("num_virtual_tokens must be at least 1; got 0");
        assertThat(new PTuning(1, PTuning.Encoder.MLP, 3)
                        .on(gpt(), Rng.of(1))
                        .model()
                        .virtualTokens())
                .isEqualTo(1);
        assertThatThrownBy(() -> new ProjectedPrefix(2, -1).on(gpt(), Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("encoder_hidden_size must be at least 1; got -1");
        assertThatThrownBy(() -> new PTuning(2, PTuning.Encoder.MLP, -1).on(gpt(), Rng.of(1)))
                .isInstanceOf(ConfigException.class);
    }
}
