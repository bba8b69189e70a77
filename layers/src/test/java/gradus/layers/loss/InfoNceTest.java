package gradus.layers.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.layers.Golden;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Which passage belongs to an anchor, by whole vectors and by beginnings of them.
class InfoNceTest {
    private static Tensor normal(long seed, int... dims) {
        return Tensor.randn(Rng.of(seed), dims).to(DType.FLOAT64);
    }

    private static double cosine(Tensor a, int i, Tensor b, int j, int dim) {
        double product = 0;
        double one = 0;
        double other = 0;
        for (int c = 0; c < dim; c++) {
            product += a.get(i, c) * b.get(j, c);
            one += a.get(i, c) * a.get(i, c);
            other += b.get(j, c) * b.get(j, c);
        }
        return product / Math.sqrt(one * other);
    }

    /// By plain loops: −ln of the share of the anchor's own passage among those that count.
    private static double loop(Tensor a, Tensor p, boolean[][] leftOut, double scale, boolean symmetric, int dim) {
        int batch = a.dim(0);
        double forth = 0;
        double back = 0;
        for (int i = 0; i < batch; i++) {
            double all = 0;
            for (int j = 0; j < p.dim(0); j++) {
                all += leftOut[i][j] ? 0 : Math.exp(scale * cosine(a, i, p, j, dim));
            }
            forth -= Math.log(Math.exp(scale * cosine(a, i, p, i, dim)) / all) / batch;
            double others = 0;
            for (int j = 0; j < batch; j++) {
                others += leftOut[j][i] ? 0 : Math.exp(scale * cosine(a, j, p, i, dim));
            }
            back -= Math.log(Math.exp(scale * cosine(a, i, p, i, dim)) / others) / batch;
        }
        return symmetric ? (forth + back) / 2 : forth;
    }

    private static boolean[][] some(int batch, int count, long seed) {
        boolean[][] leftOut = new boolean[batch][count];
        for (int i = 0; i < batch; i++) {
            for (int j = 0; j < count; j++) {
                leftOut[i][j] = i != j && Rng.of(seed).at(i).index(j, 4) == 0;
            }
        }
        return leftOut;
    }

    private static Tensor mask(boolean[][] leftOut) {
        double[] flat = new double[leftOut.length * leftOut[0].length];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = leftOut[i / leftOut[0].length][i % leftOut[0].length] ? 1 : 0;
        }
        return Tensor.of(flat, leftOut.length, leftOut[0].length);
    }

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 7) int batch,
            @ForAll @IntRange(min = 0, max = 7) int more,
            @ForAll @IntRange(min = 1, max = 9) int dim,
            @ForAll @DoubleRange(min = 0.1, max = 30) double scale,
            @ForAll boolean symmetric,
            @ForAll long seed) {
        Tensor a = normal(seed, batch, dim);
        Tensor p = normal(seed + 1, batch + more, dim);
        boolean[][] leftOut = some(batch, batch + more, seed);
        InfoNce loss = new InfoNce(scale, symmetric);
        // The loss is below 2·30 + ln 14; a cosine rounds by some 1e-16 and is multiplied by the scale, a logarithm of
        // a sum of 14 terms by as much: 30·10·1.1e-16, and some room for vectors that cancel.
        assertThat(loss.of(a, p, mask(leftOut)).item())
                .isCloseTo(loop(a, p, leftOut, scale, symmetric, dim), within(1e-12));
        double all = loss.of(a, p).item();
        assertThat(all).isCloseTo(loop(a, p, new boolean[batch][batch + more], scale, symmetric, dim), within(1e-12));
        assertThat(loss.of(a.mul(3.5), p.mul(0.25)).item()).isCloseTo(all, within(1e-12)); // lengths do not count
        int part = 1 + (int) Math.floorMod(seed, (long) dim);
        double sum = loop(a, p, leftOut, scale, symmetric, part)
                + (part == dim ? 0 : loop(a, p, leftOut, scale, symmetric, dim));
        List<Integer> dims = part == dim ? List.of(dim) : List.of(dim, part);
        assertThat(new Matryoshka(loss, dims).of(a, p, mask(leftOut)).item()).isCloseTo(sum, within(2e-12));
    }

    /// One passage for all: nothing can be told, and the loss is ln B.
    @Test
    void isTheLogarithmOfTheBatchWhereNothingIsTold() {
        Tensor a = normal(1, 5, 4);
        Tensor same = Tensor.of(new double[] {1, 2, 3, 4}, 1, 4).expand(5, 4);
        assertThat(new InfoNce(20, false).of(a, same).item()).isCloseTo(Math.log(5), within(1e-13));
        assertThat(new InfoNce(20, true).of(a, normal(1, 5, 4).mul(0)).item())
                .as("the cosine with a vector of zeros is 0")
                .isCloseTo(Math.log(5), within(1e-13));
    }

    @Test
    void gradients() {
        Tensor leftOut = mask(some(3, 5, 4));
        for (boolean symmetric : new boolean[] {false, true}) {
            InfoNce loss = new InfoNce(3, symmetric);
            GradientCheck.of(x -> loss.of(x[0], x[1]), normal(1, 3, 4), normal(2, 3, 4))
                    .requirePass();
            GradientCheck.of(x -> loss.of(x[0], x[1], leftOut), normal(1, 3, 4), normal(2, 5, 4))
                    .requirePass();
            GradientCheck.of(
                            x -> new Matryoshka(loss, List.of(2, 4)).of(x[0], x[1], leftOut),
                            normal(1, 3, 4),
                            normal(2, 5, 4))
                    .requirePass();
        }
    }

    @TestFactory
    Stream<DynamicTest> agreesWithSentenceTransformers() {
        return Golden.each("sentence_transformers_ranking", golden -> {
            InfoNce loss = new InfoNce(golden.number("scale"), false);
            InfoNce symmetric = new InfoNce(golden.number("scale"), true);
            Tensor anchors = golden.input("anchors");
            Tensor passages = golden.input("passages");
            Tensor all = Tensor.concat(0, passages, golden.input("negatives"));
            Map<String, Tensor> results = new LinkedHashMap<>();
            results.put("pairs", loss.of(anchors, passages));
            results.put("triplets", loss.of(anchors, all));
            results.put("symmetric", symmetric.of(anchors, passages));
            results.put("symmetric_triplets", symmetric.of(anchors, all));
            List<Integer> dims = List.of(anchors.dim(1), golden.whole("short"));
            results.put("matryoshka", new Matryoshka(loss, dims).of(anchors, all, null));
            golden.check(results);
        });
    }

    @Test
    void badInput() { // BAD-INPUT 7
        InfoNce loss = new InfoNce(20, false);
        assertThatThrownBy(() -> loss.of(normal(1, 3, 4), normal(1, 2, 4)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("passages (M, C) with M >= B; got (3, 4) and (2, 4)");
        assertThatThrownBy(() -> loss.of(normal(1, 3, 4), normal(1, 3, 5))).isInstanceOf(ShapeException.class);
        for (double scale : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new InfoNce(scale, false))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("finite and above 0; got " + scale);
        }
        for (List<Integer> dims : List.of(List.<Integer>of(), List.of(0), List.of(2, 2))) {
            assertThatThrownBy(() -> new Matryoshka(loss, dims)).isInstanceOf(ConfigException.class);
        }
        assertThatThrownBy(() -> new Matryoshka(loss, List.of(5)).of(normal(1, 3, 4), normal(1, 3, 4), null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("a vector of 4 numbers has no beginning of 5");
        assertThat(loss.of(normal(1, 3, 4).mul(1e150), normal(2, 3, 4).mul(1e-150))
                        .item())
                .isFinite();
    }
}
