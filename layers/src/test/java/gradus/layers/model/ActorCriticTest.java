package gradus.layers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.model.config.GptConfig;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ActorCriticTest {
    private static final Rng RNG = Rng.of(2);
    private static final GptConfig SIZE = new GptConfig(5, 6, 1, 1, 4, 0);
    private static final Indices IDS = Indices.of(1, 4, 0, 2, 2, 3).reshape(2, 3);

    private static ValueHead head() {
        ValueHead head = new ValueHead(4).to(DType.FLOAT64);
        head.namedParameters().get("weight").set(1, -2, 0.5, 3);
        head.namedParameters().get("bias").set(0.25);
        return head;
    }

    @Test
    void aValueIsALinearFunctionOfTheState() {
        double[] x = {1, 2, 3, 4, 0, 1, 0, -1};
        Tensor values = head().forward(Tensor.of(x, 1, 2, 4)); // (1, 2)
        assertThat(values.shape().dims()).containsExactly(1, 2);
        assertThat(values.toArray())
                .containsExactly(new double[] {1 - 4 + 1.5 + 12 + 0.25, -2 - 3 + 0.25}, within(1e-15));
        assertThat(new ValueHead(3).forward(Tensor.ones(2, 3)).toArray()).containsExactly(0, 0);
    }

    @Test
    void gradients() {
        ValueHead head = head();
        Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 0, 1, 0, -1}, 2, 4);
        Map<String, Tensor> inputs = Map.of(
                "x", x,
                "weight", head.namedParameters().get("weight"),
                "bias", head.namedParameters().get("bias"));
        GradientCheck.of(() -> head.forward(x), inputs).requirePass();
    }

    @Test
    void aSharedCriticReadsThePolicysStates() {
        Gpt gpt = new Gpt(SIZE, RNG);
        ActorCritic model = ActorCritic.shared(gpt, new ValueHead(4));
        ActorCritic.States states = model.states(IDS);
        assertThat(states.critic()).isSameAs(states.policy());
        assertThat(states.policy().toArray())
                .containsExactly(gpt.hiddenStates(IDS).toArray());
        assertThat(model.parameterCount()).isEqualTo(gpt.parameterCount() + 5);
        assertThat(model.namedParameters()).containsKeys("policy.wte.weight", "value_head.weight");
        assertThat(model.values(states.critic()).shape().dims()).containsExactly(2, 3);
    }

    @Test
    void aSeparateCriticHasItsOwn() {
        Gpt gpt = new Gpt(SIZE, RNG);
        Gpt other = new Gpt(SIZE.withDim(2), RNG.at("critic"));
        ActorCritic model = ActorCritic.separate(gpt, other, new ValueHead(2));
        assertThat(model.states(IDS).critic().toArray())
                .containsExactly(other.hiddenStates(IDS).toArray());
        assertThat(model.namedParameters()).containsKeys("policy.wte.weight", "critic.wte.weight", "value_head.bias");
        assertThat(model.policy()).isSameAs(gpt);
    }
}
