package gradus.layers.adapter;

import static gradus.layers.adapter.SmallAdapters.input;
import static gradus.layers.adapter.SmallAdapters.lora;
import static gradus.layers.adapter.SmallAdapters.near;
import static gradus.layers.adapter.SmallAdapters.shuffle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.Layer;
import gradus.layers.LayerGradients;
import gradus.layers.Linear;
import gradus.layers.WeightKind;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Trained rows of a head that has a matrix of its own.
class TokensOfHeadsTest {
    /// A head beside the Linear that a LoRA needs.
    private static final class Headed extends Layer {
        final Linear linear;
        final Linear head;

        Headed(int dim, int tokens, boolean bias, Rng rng) {
            linear = child("linear", new Linear(dim, dim, false, rng.at("linear")));
            head = child("lm_head", new Linear(dim, tokens, bias, rng.at("head")).as(WeightKind.TABLE));
        }
    }

    private static Headed headed(int dim, int tokens, long seed) {
        return new Headed(dim, tokens, false, Rng.of(seed)).to(DType.FLOAT64);
    }

    private static LoraConfig tokens(List<Integer> which) {
        return lora(1).withTrainableTokens(Map.of("lm_head", which));
    }

    /// `y[t] = x·row_t` for the trained tokens and `x·W_t` for the others, number by number; merged too.
    @Property(tries = 200)
    void scoresAreThoseOfTheRows(
            @ForAll @IntRange(min = 1, max = 6) int dim,
            @ForAll @IntRange(min = 1, max = 9) int tokens,
            @ForAll @IntRange(min = 1, max = 9) int trained,
            @ForAll long seed) {
        Headed model = headed(dim, tokens, seed);
        Tensor x = input(seed, 3, dim);
        double[] plain = model.head.forward(x).toArray();
        List<Integer> which = new ArrayList<>(IntStream.range(0, tokens).boxed().toList());
        Collections.shuffle(which, new Random(seed));
        which = which.subList(0, Math.min(trained, tokens));
        Adapters adapters = Adapters.of(model);
        adapters.add("a", tokens(which), Rng.of(seed));
        near(model.head.forward(x), plain, 1e-14); // first rows are the head's, up to the order of a sum
        shuffle(adapters, "a", seed);
        Tensor rows = ((TrainableTokens) adapters.parts("a").get("lm_head")).rows();
        double[] expected = plain.clone();
        for (int i = 0; i < 3; i++) {
            for (int t = 0; t < which.size(); t++) {
                double sum = 0;
                for (int c = 0; c < dim; c++) {
                    sum += x.get(i, c) * rows.get(t, c);
                }
                expected[i * tokens + which.get(t)] = sum;
            }
        }
        near(model.head.forward(x), expected, 1e-12);
        adapters.merge();
        near(model.head.forward(x), expected, 1e-12);
        adapters.unmerge();
        adapters.use();
        assertThat(model.head.forward(x).toArray()).isEqualTo(plain);
    }

    /// A later LoRA adds to what the rows give, as it does when both are merged.
    @Test
    void beside_a_lora_of_another_adapter() {
        Headed model = headed(3, 5, 1);
        Adapters adapters = Adapters.of(model);
        adapters.add("tokens", tokens(List.of(4, 1)), Rng.of(2));
        shuffle(adapters, "tokens", 3);
        adapters.add("lora", lora(2).withTargets(Targets.named("lm_head")), Rng.of(4));
        shuffle(adapters, "lora", 5);
        adapters.use("tokens", "lora");
        Tensor x = input(6, 2, 3);
        Tensor apart = model.head.forward(x);
        adapters.merge();
        near(model.head.forward(x), apart.toArray(), 1e-12);
    }

    @Test
    void gradients() {
        Headed model = headed(3, 5, 1);
        Adapters adapters = Adapters.of(model);
        adapters.add("a", tokens(List.of(4, 1)), Rng.of(2));
        shuffle(adapters, "a", 3);
        model.head.weight().requireGrad();
        Tensor x = input(4, 2, 3).requireGrad();
        Tensor upstream = input(5, 2, 5);
        LayerGradients.requireRight(
                model.head,
                Map.of("x", x),
                () -> model.head.forward(x).mul(upstream).sum());
    }

    @Test
    void refusesWhatHasNoRowForEachToken() {
        Adapters adapters = Adapters.of(headed(3, 5, 1));
        LoraConfig linear = lora(1).withTrainableTokens(Map.of("linear", List.of(0)));
        refused(adapters, linear.withTargets(Targets.named("lm_head")), "linear is no Embedding, and no head");
        refused(adapters, tokens(List.of(5)), "trainable tokens of lm_head: a token must be from 0 to 4; got 5");
        refused(adapters, tokens(List.of(1, 1)), "token 1 is there twice");
        refused(adapters, tokens(List.of()), "at least one token must be given");
        refused(adapters, tokens(List.of(1)).withTargets(Targets.named("lm_head")), "lm_head has a LoRA already");
        refused(adapters, tokens(List.of(1)).withModulesToSave("lm_head"), "lm_head is trained as a whole already");
        Adapters biased = Adapters.of(new Headed(3, 5, true, Rng.of(1)));
        refused(biased, tokens(List.of(1)), "lm_head is no Embedding, and no head without a bias");
        assertThat(adapters.names()).isEmpty();
    }

    private static void refused(Adapters adapters, LoraConfig config, String message) {
        assertThatThrownBy(() -> adapters.add("a", config, Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }
}
