package gradus.layers.adapter;

import static gradus.layers.adapter.SmallAdapters.input;
import static gradus.layers.adapter.SmallAdapters.lora;
import static gradus.layers.adapter.SmallAdapters.near;
import static gradus.layers.adapter.SmallAdapters.one;
import static gradus.layers.adapter.SmallAdapters.shuffle;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.layers.adapter.SmallAdapters.One;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/// What is trained while adapters are switched and taken off, and what a combination has by default.
class UsedAdaptersTest {
    private static boolean trained(Adapters adapters, String name) {
        return adapters.parts(name).values().stream()
                .flatMap(part -> part.parameters().stream())
                .allMatch(Tensor::requiresGrad);
    }

    @Test
    void onlyAdaptersInUseAreTrained() {
        One one = one(4, 3, 1);
        Adapters adapters = Adapters.of(one);
        adapters.add("a", lora(2), Rng.of(1));
        adapters.add("b", lora(2), Rng.of(2));
        assertThat(trained(adapters, "a")).isFalse();
        assertThat(trained(adapters, "b")).isTrue();
        adapters.use("a");
        assertThat(trained(adapters, "a")).isTrue();
        assertThat(trained(adapters, "b")).isFalse();
        adapters.use("a", "b");
        assertThat(trained(adapters, "a") && trained(adapters, "b")).isTrue();
        adapters.use();
        assertThat(one.parameters()).noneMatch(Tensor::requiresGrad);
    }

    /// Of both kinds of taking off: with what was merged and without.
    @Test
    void aModelWithoutAdaptersCanBeTrained() {
        for (boolean merge : new boolean[] {false, true}) {
            One one = one(4, 3, 1);
            Adapters adapters = Adapters.of(one);
            adapters.add("a", lora(2), Rng.of(1));
            shuffle(adapters, "a", 3);
            Tensor x = input(1, 2, 4);
            double[] adapted = one.linear.forward(x).toArray();
            if (merge) {
                adapters.merge();
            }
            adapters.detach();
            assertThat(one.parameters()).hasSize(3).allMatch(Tensor::requiresGrad);
            double[] left = one.linear.forward(x).toArray();
            if (merge) {
                near(one.linear.forward(x), adapted, 1e-12);
            } else {
                assertThat(left).isEqualTo(one(4, 3, 1).linear.forward(x).toArray());
            }
        }
    }

    /// As peft, which takes the largest of the ranks.
    @Test
    void aCombinationBySingularValuesHasTheLargestRank() {
        Adapters adapters = Adapters.of(one(4, 3, 1));
        adapters.add("a", lora(1), Rng.of(1));
        adapters.add("b", lora(2), Rng.of(2));
        SequencedMap<String, Double> weights = new LinkedHashMap<>(Map.of("a", 1.0, "b", 1.0));
        adapters.combine("both", weights, new Combination.Svd(0));
        assertThat(((LoraConfig) adapters.config("both")).scale().rankOf("linear"))
                .isEqualTo(2);
    }

    /// The combined change is the weighted sum of the changes, each with its own scale of 3/r.
    @Test
    void tablesAreCombinedWithTheirScales() {
        One one = one(4, 3, 1);
        Adapters adapters = Adapters.of(one);
        SequencedMap<String, Double> weights = new LinkedHashMap<>();
        weights.put("a", 0.5);
        weights.put("b", -2.0);
        Indices ids = Indices.of(new int[] {0, 3, 4});
        double[] expected = one.table.forward(ids).toArray();
        double[] base = expected.clone();
        int r = 1;
        for (Map.Entry<String, Double> each : weights.entrySet()) {
            LoraConfig config = LoraConfig.of(Targets.named("table")).withR(r++).withAlpha(3);
            adapters.add(each.getKey(), config, Rng.of(r));
            shuffle(adapters, each.getKey(), r);
            double[] own = one.table.forward(ids).toArray();
            for (int i = 0; i < own.length; i++) {
                expected[i] += each.getValue() * (own[i] - base[i]);
            }
        }
        adapters.combine("both", weights, new Combination.Cat());
        near(one.table.forward(ids), expected, 1e-12);
        assertThat(expected).isNotEqualTo(base);
    }
}
