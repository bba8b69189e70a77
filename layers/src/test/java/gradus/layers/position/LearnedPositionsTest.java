package gradus.layers.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.LayerGradients;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LearnedPositionsTest {
    private static Tensor normal(String name, int... dims) {
        return Tensor.randn(Rng.of(4).at(name), dims).to(DType.FLOAT64);
    }

    private static LearnedPositions positions(int context, int dim) {
        LearnedPositions positions = new LearnedPositions(context, dim);
        positions.to(DType.FLOAT64);
        positions.namedParameters().get("weight").copyFrom(normal("table", context, dim));
        return positions;
    }

    @Property(tries = 200)
    void addsTheRowOfThePosition(
            @ForAll @IntRange(min = 1, max = 9) int time,
            @ForAll @IntRange(min = 0, max = 5) int first,
            @ForAll @IntRange(min = 1, max = 17) int dim) {
        LearnedPositions positions = positions(first + time, dim);
        Tensor table = positions.namedParameters().get("weight");
        Tensor x = normal("x", 2, time, dim);
        Tensor y = positions.embed(x, first);
        for (int t = 0; t < time; t++) {
            for (int c = 0; c < dim; c++) {
                assertThat(y.get(1, t, c)).isEqualTo(x.get(1, t, c) + table.get(first + t, c));
            }
        }
    }

    @Test
    void gradients() {
        LearnedPositions positions = positions(6, 4);
        Tensor x = normal("x", 2, 3, 4);
        LayerGradients.requireRight(positions, Map.of("x", x), () -> positions.embed(x, 2));
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> positions(4, 2).embed(normal("x", 1, 3, 2), 2)) // BAD-INPUT 34
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("positions 2 to 4")
                .hasMessageContaining("4 rows");
        assertThatThrownBy(() -> positions(4, 2).embed(normal("x", 1, 3, 2), -1))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new LearnedPositions(0, 2)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new LearnedPositions(2, 0)).isInstanceOf(ConfigException.class);
    }
}
