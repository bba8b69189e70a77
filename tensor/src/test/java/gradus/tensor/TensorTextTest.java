package gradus.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class TensorTextTest {
    @Test
    void printsAllOfASmallTensor() {
        assertThat(Tensor.of(new double[][] {{1, 2}, {3, -4.5}})).hasToString("""
                Tensor(2, 2) FLOAT64
                [[1.000, 2.000],
                 [3.000, -4.500]]""");
        assertThat(Tensor.scalar(1.5)).hasToString("Tensor() FLOAT32 1.500");
        assertThat(Tensor.of(new double[] {Double.NaN, Double.NEGATIVE_INFINITY, 1e-9}, 3))
                .hasToString("Tensor(3,) FLOAT64 [NaN, -Infinity, 1.000e-09]");
        assertThat(Tensor.zeros(1, 2, 1)).hasToString("""
                Tensor(1, 2, 1) FLOAT32
                [[[0.000],
                  [0.000]]]""");
    }

    @Test
    void saysWhetherGradientsFlow() {
        Tensor x = Tensor.ones(2).requireGrad();
        assertThat(x).hasToString("Tensor(2,) FLOAT32 requiresGrad [1.000, 1.000]");
        assertThat(x.mul(2)).hasToString("Tensor(2,) FLOAT32 requiresGrad [2.000, 2.000]");
        assertThat(x.detach()).hasToString("Tensor(2,) FLOAT32 [1.000, 1.000]");
    }

    @Test
    void printsTheCornersOfALargeOne() {
        assertThat(Tensor.arange(1001))
                .hasToString("Tensor(1001,) FLOAT32 [0.000, 1.000, 2.000, ..., 998.0, 999.0, 1000.]"
                        .replace("1000.]", "1000]"));
        assertThat(Tensor.arange(1000).toString()).doesNotContain("...");
        assertThat(Tensor.arange(1400).reshape(2, 7, 100)).hasToString("""
                Tensor(2, 7, 100) FLOAT32
                [[[0.000, 1.000, 2.000, ..., 97.00, 98.00, 99.00],
                  [100.0, 101.0, 102.0, ..., 197.0, 198.0, 199.0],
                  [200.0, 201.0, 202.0, ..., 297.0, 298.0, 299.0],
                  ...,
                  [400.0, 401.0, 402.0, ..., 497.0, 498.0, 499.0],
                  [500.0, 501.0, 502.0, ..., 597.0, 598.0, 599.0],
                  [600.0, 601.0, 602.0, ..., 697.0, 698.0, 699.0]],
                 [[700.0, 701.0, 702.0, ..., 797.0, 798.0, 799.0],
                  [800.0, 801.0, 802.0, ..., 897.0, 898.0, 899.0],
                  [900.0, 901.0, 902.0, ..., 997.0, 998.0, 999.0],
                  ...,
                  [1100, 1101, 1102, ..., 1197, 1198, 1199],
                  [1200, 1201, 1202, ..., 1297, 1298, 1299],
                  [1300, 1301, 1302, ..., 1397, 1398, 1399]]]""");
    }

    /// 70 GB that nobody has asked for yet.
    @Test
    void doesNotMakeWhatIsNotThere() {
        Tensor lazy = Tensor.lazy(
                () -> {
                    throw new AssertionError("was made");
                },
                2_000_000_000);
        assertThat(lazy).hasToString("Tensor(2000000000,) FLOAT32 lazy");
        assertThat(lazy.requireGrad()).hasToString("Tensor(2000000000,) FLOAT32 requiresGrad lazy");
    }

    @Test
    void isTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(Tensor.scalar(1.5)).hasToString("Tensor() FLOAT32 1.500");
        } finally {
            Locale.setDefault(before);
        }
    }
}
