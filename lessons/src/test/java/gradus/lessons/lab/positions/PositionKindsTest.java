package gradus.lessons.lab.positions;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Positions;
import gradus.lessons.lab.material.Training;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.train.run.Component;
import gradus.train.run.Components;
import gradus.train.run.length.LongerModel;
import gradus.train.run.length.PositionScale;
import gradus.train.task.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PositionKindsTest {
    /// Every name that the command line takes is trained, or is what some scale makes of rope.
    @Test
    void noPositionIsForgotten() {
        List<Class<?>> measured = new ArrayList<>();
        PositionKinds.trained()
                .forEach(name -> measured.add(PositionKinds.choice(name).getClass()));
        PositionKinds.stretches(4, 64)
                .forEach(scale ->
                        measured.add(scale.stretch(new Positions.Rope(100), 64).getClass()));
        assertThat(measured).doesNotHaveDuplicates();
        assertThat(measured)
                .containsExactlyInAnyOrderElementsOf(Components.of("position").stream()
                        .map(Component::defaults)
                        .<Class<?>>map(Object::getClass)
                        .toList());
        assertThat(PositionKinds.stretches(4, 64))
                .extracting(PositionScale::kind)
                .isEqualTo(PositionScale.KINDS);
    }

    @Test
    void chunksAreShorterThanWhatWasTrained() {
        assertThat(PositionKinds.stretches(4, 64))
                .extracting(PositionKinds::shown)
                .contains("yarn:4", "pi:4", "dca:48");
    }

    @Test
    void onlyLearnedPositionsRefuseAndSayWhy() {
        for (String name : PositionKinds.trained()) {
            GptConfig config = new GptConfig(5, 4, 1, 2, 8, 0).withPosition(PositionKinds.choice(name));
            Gpt model = new Gpt(config, Rng.of(1)).eval();
            assertThat(PositionKinds.refusal(model, config, 4)).isEmpty();
            Optional<String> refusal = PositionKinds.refusal(model, config, 5);
            if (name.equals("learned")) {
                assertThat(refusal)
                        .contains("learned positions are vectors for each of 4 places; there is none for place 5");
            } else {
                assertThat(refusal).isEmpty();
            }
        }
    }

    @Test
    void aContinuationLeavesItsBaseAndAttendsFullyInTheEnd() {
        GptConfig config = new GptConfig(5, 4, 1, 2, 8, 0)
                .withAttention(new Attentions.GroupedQuery(2))
                .withPosition(PositionKinds.choice("rope"));
        Gpt base = new Gpt(config, Rng.of(1)).eval();
        List<double[]> before =
                base.state().values().stream().map(Tensor::toArray).toList();
        int[] text = IntStream.range(0, 200).map(i -> i * i % 5).toArray();
        Continuation continuation = new Continuation(16, 2, new Training(3, 1e-2));
        Optional<PositionScale> pi = Optional.of(new PositionScale("pi", 4));
        Gpt full = continuation.of(base, config, pi, 0, new Split(text, new int[0]), Rng.of(2));
        Gpt shifted = continuation.of(base, config, pi, 4, new Split(text, new int[0]), Rng.of(2));
        List<double[]> after =
                base.state().values().stream().map(Tensor::toArray).toList();
        for (int i = 0; i < before.size(); i++) {
            assertThat(after.get(i)).isEqualTo(before.get(i));
        }
        assertThat(full.context()).isEqualTo(16);
        assertThat(full.training()).isFalse();
        double[] first = full.state().values().iterator().next().toArray();
        assertThat(first).isNotEqualTo(before.getFirst());
        assertThat(shifted.state().values().iterator().next().toArray())
                .as("groups let it see less, so it learns something else")
                .isNotEqualTo(first);
        Indices ids = Indices.of(Arrays.copyOf(text, 16)).reshape(1, 16);
        assertThat(shifted.forward(ids).toArray())
                .as("full attention in the end")
                .isEqualTo(LongerModel.of(shifted, config, 16, pi).forward(ids).toArray());
    }
}
