package gradus.layers.adapter;

import static gradus.layers.adapter.SmallAdapters.input;
import static gradus.layers.adapter.SmallAdapters.lora;
import static gradus.layers.adapter.SmallAdapters.one;
import static gradus.layers.adapter.SmallAdapters.shuffle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.LayerGradients;
import gradus.layers.adapter.SmallAdapters.One;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Every kind of adapter, by central differences in float64.
class AdapterGradientsTest {
    @Test
    void gradientsOfLoraAreRight() {
        One one = one(4, 3, 1);
        Adapters adapters = Adapters.of(one);
        adapters.add("a", lora(2).withTargets(Targets.named("linear", "table")), Rng.of(2));
        shuffle(adapters, "a", 3);
        one.linear.weight().requireGrad();
        Tensor x = input(4, 2, 4).requireGrad();
        Tensor upstream = input(5, 2, 3);
        LayerGradients.requireRight(
                one.linear,
                Map.of("x", x),
                () -> one.linear.forward(x).mul(upstream).sum());
        Indices ids = Indices.of(1, 4);
        LayerGradients.requireRight(
                one.table, Map.of(), () -> one.table.forward(ids).mul(upstream).sum());
    }

    @Test
    void gradientsOfIa3AndTokensAreRight() {
        for (String[] feedForward : new String[][] {{}, {"linear"}}) {
            One one = one(4, 3, 1);
            Adapters adapters = Adapters.of(one);
            adapters.add("a", Ia3Config.of(Targets.named("linear"), feedForward), Rng.of(2));
            shuffle(adapters, "a", 3);
            Tensor x = input(4, 2, 4).requireGrad();
            Tensor upstream = input(5, 2, 3);
            LayerGradients.requireRight(
                    one.linear,
                    Map.of("x", x),
                    () -> one.linear.forward(x).mul(upstream).sum());
        }
        One one = one(4, 3, 1);
        Adapters adapters = Adapters.of(one);
        adapters.add("a", lora(2).withTrainableTokens(Map.of("table", List.of(1, 3))), Rng.of(2));
        Indices ids = Indices.of(1, 4, 1, 3);
        Tensor upstream = input(5, 4, 3);
        Tensor head = input(6, 2, 3);
        Tensor logits = input(7, 2, 5);
        one.table.weight().requireGrad();
        LayerGradients.requireRight(
                one.table,
                Map.of(),
                () -> one.table
                        .forward(ids)
                        .mul(upstream)
                        .sum()
                        .add(head.linear(one.table.head(), null).mul(logits).sum()));
    }

    /// The norm counts as a constant, so the whole formula's differences are not the gradients; those of the
    /// formula with the norm held fast are.
    @Test
    void gradientsOfDoraAreThoseWithAConstantNorm() {
        One one = one(4, 3, 1);
        Adapters adapters = Adapters.of(one);
        adapters.add("a", lora(2).withDora(true), Rng.of(2));
        shuffle(adapters, "a", 3);
        Dora part = (Dora) adapters.parts("a").get("linear");
        Tensor x = input(4, 2, 4).requireGrad();
        Tensor upstream = input(5, 2, 3);
        Tensor norm = BaseWeight.lengths(one.linear.weight(), part.a(), part.b(), part.scale())
                .detach();
        Map<String, Tensor> inputs = new LinkedHashMap<>(part.namedParameters());
        inputs.put("x", x);
        Supplier<Tensor> fixed = () -> {
            Tensor w =
                    one.linear.weight().detach().add(part.b().matmul(part.a()).mul(part.scale()));
            Tensor rows = w.mul(part.magnitude().div(norm).reshape(3, 1));
            return x.linear(rows, one.linear.bias().detach()).mul(upstream).sum();
        };
        GradientCheck.of(fixed, inputs).requirePass();
        List<double[]> expected = gradients(fixed, inputs);
        List<double[]> ours =
                gradients(() -> one.linear.forward(x).mul(upstream).sum(), inputs);
        for (int i = 0; i < ours.size(); i++) {
            assertThat(ours.get(i)).containsExactly(expected.get(i), within(1e-11));
        }
    }

    private static List<double[]> gradients(Supplier<Tensor> function, Map<String, Tensor> inputs) {
        inputs.values().forEach(Tensor::zeroGrad);
        function.get().backward();
        List<double[]> all = new ArrayList<>();
        inputs.values().forEach(each -> all.add(each.grad().toArray()));
        return all;
    }
}
