package gradus.train.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.NumericException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Positions;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GeneratorTest {
    private static final int CONTEXT = 5;
    private static final Rng RNG = Rng.of(7);

    private final Gpt gpt = new Gpt(new GptConfig(11, CONTEXT, 1, 2, 8, 0.3), RNG);
    private final Generator generator = new Generator(gpt, Sampling.defaults());

    @Test
    void streamsWhatItReturns() {
        List<Integer> heard = new ArrayList<>();
        int[] added = generator.generate(new int[] {1, 2}, 20, RNG, heard::add);
        assertThat(added).hasSize(20);
        assertThat(heard).containsExactlyElementsOf(Arrays.stream(added).boxed().toList());
    }

    @Test
    void theSameNumbersGiveTheSameText() {
        int[] prompt = {3};
        assertThat(generator.generate(prompt, 30, RNG, id -> true))
                .isEqualTo(generator.generate(prompt, 30, RNG, id -> true))
                .isNotEqualTo(generator.generate(prompt, 30, RNG.at(1), id -> true));
    }

    @Test
    void greedyFollowsTheLikeliestThroughASlidingWindow() {
        List<Integer> text = new ArrayList<>(List.of(4, 9));
        int[] added = new Generator(gpt, Sampling.greedy()).generate(new int[] {4, 9}, 12, RNG, id -> true);
        gpt.eval();
        for (int next : added) {
            int[] window = text.subList(Math.max(0, text.size() - CONTEXT), text.size()).stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
            int likeliest = gpt.lastLogits(Indices.of(window).reshape(1, window.length))
                    .argmax(-1)
                    .get(0);
            assertThat(next).isEqualTo(likeliest);
            text.add(next);
        }
    }

    /// Also past the context, with a text that ends early, and where the model cannot have padding or caches.
    @Test
    void severalTextsAreWhatEachIsByItself() {
        GptConfig config = gpt.config().withContext(9);
        List<GptConfig> models = List.of(
                config,
                config.withPosition(new Positions.Rope(100)),
                config.withPosition(new Positions.DualChunk(100, 3, 5)),
                config.withAttention(new Attentions.BigBird(3, 1, 0)));
        List<int[]> prompts = List.of(new int[] {1, 2, 3, 4}, new int[] {5}, new int[] {6, 7});
        for (GptConfig each : models) {
            // In double, so that the rounding of other shapes cannot turn a pick.
            Gpt model = new Gpt(each, RNG);
            model.to(DType.FLOAT64);
            Generator writer = new Generator(model, Sampling.defaults());
            int[] lengths = {15, 3, 15};
            int[] heard = new int[3];
            int[][] together = writer.generate(prompts, 15, RNG, (text, token) -> ++heard[text] < lengths[text]);
            for (int i = 0; i < prompts.size(); i++) {
                int[] alone = writer.generate(prompts.get(i), lengths[i], RNG.at(i), token -> true);
                assertThat(together[i]).isEqualTo(alone);
                assertThat(heard[i]).isEqualTo(lengths[i]);
            }
        }
    }

    /// So many logits that several threads draw.
    @Test
    void manyTextsOfALargeVocabularyAreWhatEachIsByItself() {
        Gpt model = new Gpt(gpt.config().withVocabSize(8192), RNG).to(DType.FLOAT64);
        Generator writer = new Generator(model, Sampling.defaults());
        List<int[]> prompts =
                IntStream.range(0, 5).mapToObj(i -> new int[] {1000 * i}).toList();
        List<List<Integer>> heard = prompts.stream()
                .map(prompt -> (List<Integer>) new ArrayList<Integer>())
                .toList();
        int[][] together = writer.generate(
                prompts, 4, RNG, (text, token) -> heard.get(text).add(token));
        for (int i = 0; i < prompts.size(); i++) {
            assertThat(together[i]).isEqualTo(writer.generate(prompts.get(i), 4, RNG.at(i), token -> true));
            assertThat(heard.get(i))
                    .containsExactlyElementsOf(
                            Arrays.stream(together[i]).boxed().toList());
        }
        Tensor table = model.parameters().getFirst();
        table.copyFrom(table.mul(Double.NaN));
        assertThatThrownBy(() -> writer.generate(prompts, 4, RNG, (text, token) -> true))
                .isInstanceOf(NumericException.class)
                .hasMessage("sampling: the logit of token 0 is NaN");
    }

    @Test
    void stopsWhenTold() {
        int[] added = generator.generate(new int[] {1}, 50, RNG, new java.util.function.IntPredicate() {
            private int count;

            @Override
            public boolean test(int id) {
                return ++count < 3;
            }
        });
        assertThat(added).hasSize(3);
        assertThat(generator.generate(new int[] {1}, 0, RNG, id -> true)).isEmpty();
    }

    @Test
    void leavesTheModelInTraining() {
        generator.generate(new int[] {1}, 1, RNG, id -> true);
        assertThat(gpt.training()).isTrue();
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> generator.generate(new int[CONTEXT + 1], 3, RNG, id -> true))
                .isInstanceOf(ConfigException.class) // BAD-INPUT 175
                .hasMessageContaining("context of 5")
                .hasMessageContaining("got 6");
        assertThatThrownBy(() -> generator.generate(new int[0], 3, RNG, id -> true))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> generator.generate(new int[] {11}, 3, RNG, id -> true))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("token 11 at position 0");
        assertThatThrownBy(() -> generator.generate(new int[] {1}, -1, RNG, id -> true))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> generator.generate(List.of(), 3, RNG, (text, id) -> true))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("at least one prompt");
    }

    /// The prompt and all that was written are penalised, and nothing else: step by step, by whole forward passes.
    @Test
    void t5_thePenaltyFallsOnThePromptAndOnWhatWasWritten() {
        Gpt model = new Gpt(gpt.config().withContext(40), RNG);
        model.to(DType.FLOAT64);
        model.eval();
        for (int[] prompt : List.of(new int[] {4}, new int[] {7, 9, 7}, new int[] {3, 5, 8, 1, 2})) {
            // an untrained model's logits lie near 0, so that the penalty must be strong to turn a choice
            Sampling sampling = Sampling.greedy().withRepetitionPenalty(3);
            int[] text = prompt.clone();
            for (int i = 0; i < 30; i++) {
                double[] logits = model.lastLogits(Indices.of(text).reshape(1, text.length))
                        .toArray();
                double[] expected = logits.clone();
                Arrays.stream(text)
                        .distinct()
                        .forEach(id -> expected[id] = logits[id] < 0 ? logits[id] * 3 : logits[id] / 3);
                int next = 0;
                for (int id = 1; id < expected.length; id++) {
                    next = expected[id] > expected[next] ? id : next;
                }
                text = Arrays.copyOf(text, text.length + 1);
                text[text.length - 1] = next;
            }
            assertThat(new Generator(model, sampling).generate(prompt, 30, RNG, id -> true))
                    .isEqualTo(Arrays.copyOfRange(text, prompt.length, text.length));
        }
    }

    /// The longest text may end just when the caches are full; the others, shorter, have room yet and go on.
    @Test
    void t5_theOthersGoOnWhenTheLongestEndsInFullCaches() {
        Gpt model = new Gpt(gpt.config().withContext(9), RNG);
        model.to(DType.FLOAT64);
        Generator writer = new Generator(model, Sampling.defaults());
        List<int[]> prompts = List.of(new int[] {1, 2, 3, 4}, new int[] {5}, new int[] {6, 7});
        for (int longest = 3; longest <= 8; longest++) {
            int[] lengths = {longest, 15, 15};
            int[] heard = new int[3];
            int[][] together = writer.generate(prompts, 15, RNG, (text, token) -> ++heard[text] < lengths[text]);
            for (int i = 0; i < prompts.size(); i++) {
                assertThat(together[i])
                        .isEqualTo(writer.generate(prompts.get(i), lengths[i], RNG.at(i), token -> true));
            }
        }
    }
}
