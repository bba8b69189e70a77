package gradus.train.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.model.Attentions;
import gradus.layers.model.Gpt;
import gradus.layers.model.GptConfig;
import gradus.tensor.Autograd;
import gradus.tensor.DType;
import gradus.tensor.Indices;
import gradus.tensor.Rng;
import gradus.tensor.Shape;
import gradus.train.generate.BeamSearch.Beam;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BeamSearchTest {
    private static final int VOCAB = 3;
    private static final GptConfig CONFIG = new GptConfig(VOCAB, 8, 1, 2, 8, 0.2);

    /// Tables with large numbers, so that some tokens are much likelier than others.
    private static Gpt model(GptConfig config, long seed) {
        Gpt gpt = new Gpt(config, Rng.of(seed));
        gpt.to(DType.FLOAT64);
        gpt.namedParameters()
                .get("wte.weight")
                .copyFrom(gpt.namedParameters().get("wte.weight").mul(40));
        return gpt;
    }

    private static double logProbability(Gpt gpt, int[] prompt, int[] tokens) {
        double sum = 0;
        int[] text = prompt.clone();
        gpt.eval();
        try (var pause = Autograd.noGrad()) {
            for (int token : tokens) {
                Indices ids = Indices.of(Shape.of(1, text.length), text);
                sum += gpt.lastLogits(ids).logSoftmax().toArray()[token];
                text = Arrays.copyOf(text, text.length + 1);
                text[text.length - 1] = token;
            }
        }
        return sum;
    }

    /// Every text of up to n tokens that goes on until it ends.
    private static List<int[]> texts(int n, int end) {
        List<int[]> all = new ArrayList<>(List.of(new int[0]));
        for (int i = 0; i < n; i++) {
            List<int[]> next = new ArrayList<>();
            for (int[] text : all) {
                boolean ended = text.length < i || i > 0 && text[text.length - 1] == end;
                for (int token = 0; token < (ended ? 1 : VOCAB); token++) {
                    int[] longer = Arrays.copyOf(text, ended ? text.length : text.length + 1);
                    if (!ended) {
                        longer[text.length] = token;
                    }
                    next.add(longer);
                }
            }
            all = next;
        }
        return all;
    }

    @Property(tries = 30)
    void withBeamsForEverythingItFindsTheBest(
            @ForAll @IntRange(max = 1000) int seed,
            @ForAll @IntRange(min = 1, max = 3) int limit,
            @ForAll @DoubleRange(min = -1, max = 2) double penalty,
            @ForAll @IntRange(min = -1, max = 2) int end) {
        Gpt gpt = model(CONFIG, seed);
        int[] prompt = {2, 1};
        List<Beam> best = new BeamSearch(gpt, 27, penalty).search(prompt, limit, end);
        List<Beam> all = texts(limit, end).stream()
                .map(tokens -> new Beam(tokens, logProbability(gpt, prompt, tokens)))
                .sorted(Comparator.comparingDouble((Beam beam) -> -beam.score(penalty)))
                .toList();
        assertThat(best).hasSameSizeAs(all);
        for (int i = 0; i < all.size(); i++) {
            // The same sums in another order, of numbers up to some hundred.
            assertThat(best.get(i).score(penalty)).isCloseTo(all.get(i).score(penalty), within(1e-9));
        }
    }

    @Property(tries = 50)
    void oneBeamIsGreedy(@ForAll @IntRange(max = 1000) int seed) {
        for (GptConfig config : List.of(CONFIG, CONFIG.withAttention(new Attentions.BigBird(2, 1, 0)))) {
            Gpt gpt = model(config, seed);
            int[] prompt = {seed % VOCAB};
            int[] greedy = new Generator(gpt, Sampling.greedy()).generate(prompt, 7, Rng.of(1), token -> true);
            assertThat(new BeamSearch(gpt, 1).search(prompt, 7, -1).getFirst().tokens())
                    .isEqualTo(greedy);
        }
    }

    @Property(tries = 50)
    void moreBeamsThanOneFollowWhatWasWorseAtFirst(@ForAll @IntRange(max = 1000) int seed) {
        Gpt gpt = model(CONFIG, seed);
        int[] prompt = {1};
        List<Beam> beams = new BeamSearch(gpt, 3).search(prompt, 5, -1);
        assertThat(gpt.training()).isTrue();
        assertThat(beams).hasSize(3);
        for (Beam beam : beams) {
            assertThat(beam.logProbability()).isCloseTo(logProbability(gpt, prompt, beam.tokens()), within(1e-9));
        }
        assertThat(beams).isSortedAccordingTo(Comparator.comparingDouble((Beam beam) -> -beam.logProbability()));
    }

    @Test
    void badInput() {
        Gpt gpt = model(CONFIG, 1);
        assertThatThrownBy(() -> new BeamSearch(gpt, 0)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new BeamSearch(null, 1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new BeamSearch(gpt, 1, Double.NaN)).isInstanceOf(ConfigException.class);
        BeamSearch search = new BeamSearch(gpt, 2);
        assertThatThrownBy(() -> search.search(new int[] {1, 2}, 7, -1))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("context of 8");
        assertThatThrownBy(() -> search.search(new int[] {3}, 2, -1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> search.search(new int[0], 2, -1)).isInstanceOf(ConfigException.class);
    }
}
