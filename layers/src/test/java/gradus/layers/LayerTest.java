package gradus.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import org.junit.jupiter.api.Test;

class LayerTest {
    /// Two leaves that share a tensor, a buffer, and a part that was there before its own parameter.
    private static final class Tree extends Layer {
        final Leaf first = child("a.0", new Leaf(Tensor.ones(2, 3)));
        final Tensor own = param("own", Tensor.zeros(4));
        final Tensor count = buffer("count", Tensor.scalar(7));
        final Leaf second = child("b", new Leaf(first.weight));

        Rng given() {
            return second.random();
        }
    }

    private static final class Leaf extends Layer {
        final Tensor weight;

        Leaf(Tensor weight) {
            this.weight = param("weight", weight);
        }
    }

    private final Tree tree = new Tree();

    @Test
    void namesJoinWithDotsInTheOrderOfRegistration() {
        assertThat(tree.namedParameters().keySet()).containsExactly("own", "a.0.weight");
        assertThat(tree.state().keySet()).containsExactly("own", "count", "a.0.weight");
        assertThat(tree.parameters()).containsExactly(tree.own, tree.first.weight);
    }

    @Test
    void aSharedParameterCountsOnce() {
        assertThat(tree.parameterCount()).isEqualTo(4 + 6);
    }

    @Test
    void trainingIsAPropertyOfTheTree() {
        Tree other = new Tree();
        tree.eval();
        assertThat(tree.second.training()).isFalse();
        assertThat(other.second.training()).isTrue();
        tree.train();
        assertThat(tree.second.training()).isTrue();
    }

    @Test
    void frozenParametersAskForNoGradient() {
        tree.freeze();
        assertThat(tree.parameters()).noneMatch(Tensor::requiresGrad);
        tree.unfreeze();
        assertThat(tree.parameters()).allMatch(Tensor::requiresGrad);
        assertThat(tree.count.requiresGrad()).isFalse();
    }

    @Test
    void conversionKeepsValuesAndSharing() {
        tree.first.weight.set(1, 2, 3, 4, 5, 6);
        tree.to(DType.FLOAT64);
        assertThat(tree.state().values()).allMatch(tensor -> tensor.dtype() == DType.FLOAT64);
        assertThat(tree.second.weight.toArray()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(tree.parameters()).allMatch(Tensor::requiresGrad);
    }

    @Test
    void parametersOutliveTheScopeTheyWereMadeIn() {
        Tree made;
        try (var scope = Scope.open()) {
            made = new Tree();
            made.to(DType.FLOAT64);
        }
        assertThat(made.own.toArray()).containsOnly(0);
    }

    @Test
    void randomNumbersFollowFromKeyAndName() {
        Rng rng = Rng.of(5);
        tree.random(rng);
        assertThat(tree.given()).isEqualTo(rng.at("b"));
        tree.random(rng.at(1));
        assertThat(tree.given()).isNotEqualTo(rng.at("b"));
    }

    @Test
    void aNameIsGivenOnce() {
        assertThatThrownBy(() -> tree.param("own", Tensor.zeros(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("own");
        assertThatThrownBy(() -> tree.child("", new Leaf(Tensor.zeros(1)))).isInstanceOf(ConfigException.class);
    }

    @Test
    void printsItsParametersAsATree() {
        Rng rng = Rng.of(1);
        Sequential model = new Sequential(new Linear(3, 3, rng), new Linear(3, 3, rng), new Linear(3, 2, false, rng));
        assertThat(model.toString()
                        .lines()
                        .map(line -> line.replaceAll(" {2,}", "  ").strip()))
                .containsExactly(
                        "Sequential, 30 parameters",
                        "0 … 1, each  12, together 24",
                        "weight  (3, 3) 9",
                        "bias  (3,) 3",
                        "2.weight  (2, 3) 6");
        assertThat(new Dropout(0.5)).hasToString("Dropout");
    }
}
