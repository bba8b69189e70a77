package gradus.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EmbeddingTest {
    private Rng rng = Rng.of(2); // drawn anew in each try

    @Property(tries = 200)
    void looksUpRows(
            @ForAll @IntRange(min = 1, max = 9) int count,
            @ForAll @IntRange(min = 1, max = 17) int dim,
            @ForAll @IntRange(min = 1, max = 7) int n,
            @ForAll long seed) {
        rng = Rng.of(seed);
        Embedding embedding = new Embedding(count, dim, rng);
        int[] ids = new int[n];
        Arrays.setAll(ids, i -> rng.index(i, count));
        Tensor y = embedding.forward(Indices.of(ids).reshape(1, n));
        assertThat(y.shape().dims()).containsExactly(1, n, dim);
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < dim; c++) {
                assertThat(y.get(0, i, c)).isEqualTo(embedding.weight().get(ids[i], c));
            }
        }
    }

    @Test
    void gradientsAddUpWhereAnIdRepeats() {
        Embedding embedding = new Embedding(4, 3, rng);
        Indices ids = Indices.of(2, 0, 2, 2, 3).reshape(1, 5);
        LayerGradients.requireRight(embedding, Map.of(), () -> embedding.forward(ids));
        embedding.forward(ids).sum().backward();
        assertThat(embedding.weight().grad().toArray()).containsExactly(1, 1, 1, 0, 0, 0, 3, 3, 3, 1, 1, 1);
    }

    @Test
    void takesATableThatIsThere() {
        Tensor table = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
        assertThat(new Embedding(table).forward(Indices.of(1)).toArray()).containsExactly(3, 4);
        assertThat(table.requiresGrad()).isTrue();
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new Embedding(0, 3, rng)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Embedding(3, 0, rng)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Embedding(Tensor.zeros(3))).isInstanceOf(ConfigException.class);
        Embedding embedding = new Embedding(4, 3, rng);
        assertThatThrownBy(() -> embedding.forward(Indices.of(1, 4)))
                .isInstanceOf(ShapeException.class) // BAD-INPUT 92
                .hasMessageContaining("4")
                .hasMessageContaining("position 1");
        assertThatThrownBy(() -> embedding.forward(Indices.of(-1))).isInstanceOf(ShapeException.class);
        Embedding converted = embedding.to(DType.FLOAT64);
        assertThat(converted).isSameAs(embedding);
    }
}
