package gradus.lessons.lab.hallucination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.Linear;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.lessons.lab.knowledge.Fact;
import gradus.lessons.lab.knowledge.SmallModel;
import gradus.lessons.lab.knowledge.World;
import gradus.tensor.Autograd;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FactEditorTest {
    private static final ValueSearch.Settings SETTINGS = new ValueSearch.Settings(40, 0.2, 0.5, 1e-3);

    private static ValueSearch search(Gpt gpt) {
        return new ValueSearch(
                gpt,
                gpt.layer("h.0.mlp"),
                List.of(new int[] {1, 2, 3}, new int[] {4, 3}),
                5,
                List.of(new int[] {6, 7, 3}),
                SETTINGS);
    }

    private static Gpt tiny() {
        return new Gpt(new GptConfig(9, 6, 2, 2, 8, 0), Rng.of(5))
                .to(DType.FLOAT64)
                .eval();
    }

    @Test
    void theGradientOfTheValueIsThatOfDifferences() {
        Gpt gpt = tiny();
        ValueSearch search = search(gpt);
        Tensor delta = Tensor.randn(Rng.of(2), 8).to(DType.FLOAT64).requireGrad();
        GradientCheck.ofSmooth(() -> search.loss(delta), Map.of("delta", delta)).requirePass();
    }

    @Test
    void theSearchMakesTheAnswerLikely() {
        Gpt gpt = tiny();
        ValueSearch search = search(gpt);
        double before = loss(search, new double[8]);
        double[] found = search.search(8);
        assertThat(loss(search, found)).isLessThan(before - 0.05);
        assertThat(gpt.layer("h.0.mlp").isHooked()).isFalse();
    }

    private static double loss(ValueSearch search, double[] delta) {
        try (var pause = Autograd.noGrad()) {
            return search.loss(Tensor.of(delta, delta.length).to(DType.FLOAT64)).item();
        }
    }

    @Test
    void anUnchangedAnswerCostsOnlyItsOwnLoss() {
        Gpt gpt = tiny();
        double[] zero = new double[8];
        double expected = 0;
        for (int[] prompt : List.of(new int[] {1, 2, 3}, new int[] {4, 3})) {
            double[] p = gpt.lastLogits(Indices.of(Shape.of(1, prompt.length), prompt))
                    .softmax()
                    .toArray();
            expected -= Math.log(p[5]) / 2;
        }
        assertThat(loss(search(gpt), zero)).isCloseTo(expected, within(1e-10)); // no divergence, no decay
    }

    @Test
    void keysAreWhatTheSecondMatrixReads() {
        World world = new World(8, 2, Rng.of(1));
        SmallModel model = new SmallModel(world.words(), 8, Rng.of(2));
        model.gpt().eval();
        Fact fact = world.oldFacts().getFirst();
        FactEditor editor = new FactEditor(model, List.of("? " + fact.question(0)));
        Linear contract = (Linear) model.gpt().layer("h.0.mlp.c_proj");
        int[] ids = world.words().ids("? " + fact.question(1));
        double[][] seen = new double[1][];
        try (var hook = contract.hook(y -> {
            seen[0] = y.toArray();
            return y;
        })) {
            model.gpt().forward(Indices.of(Shape.of(1, ids.length), ids));
        }
        double[] bias = contract.bias().toArray();
        double[] weight = contract.weight().toArray();
        double[][] keys = editor.keys(ids);
        for (int t = 0; t < ids.length; t++) {
            for (int o = 0; o < 8; o++) {
                double sum = bias[o];
                for (int i = 0; i < 32; i++) {
                    sum += weight[o * 32 + i] * keys[t][i];
                }
                assertThat(seen[0][t * 8 + o]).isCloseTo(sum, within(1e-5)); // float32
            }
        }
        double[] key = editor.key(fact);
        double[] delta = {1, -1, 0.5, 0, 2, -2, 0, 1};
        double[] before = product(contract, key);
        editor.edit(key, delta);
        double[] after = product(contract, key);
        for (int o = 0; o < 8; o++) {
            assertThat(after[o] - before[o]).isCloseTo(delta[o], within(1e-4)); // float32 weights
        }
    }

    private static double[] product(Linear linear, double[] key) {
        double[] weight = linear.weight().toArray();
        double[] product = new double[linear.out()];
        for (int o = 0; o < product.length; o++) {
            for (int i = 0; i < key.length; i++) {
                product[o] += weight[o * key.length + i] * key[i];
            }
        }
        return product;
    }
}
