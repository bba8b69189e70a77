package gradus.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ShapeException;
import gradus.tensor.GradientCheck.Derivative;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GradientCheckTest {
    private final Tensor x = Draw.normal(1, 2, 3);

    @Test
    void aRightGradientPasses() {
        GradientReport report = GradientCheck.of(in -> in[0].tanh(), x).requirePass();
        assertThat(report.passed()).isTrue();
        assertThat(report.failures()).isEmpty();
        assertThat(report.derivatives()).hasSize(6);
        assertThat(report.worstError()).isLessThan(1e-8);
        assertThat(report.toString()).startsWith("gradient check passed: 6 derivatives, largest relative error");
    }

    @Test
    void extrapolationIsFinerThanPlainDifferences() {
        double plain = GradientCheck.of(in -> in[0].exp().softmax(), x).worstError();
        double smooth = GradientCheck.ofSmooth(in -> in[0].exp().softmax(), x)
                .requirePass()
                .worstError();
        assertThat(smooth).isLessThan(1e-9).isLessThanOrEqualTo(plain);
    }

    @Test
    void aWrongGradientIsReportedByInputIndexAndBothValues() {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        Tensor weight = Draw.normal(2, 3);
        inputs.put("x", x);
        inputs.put("weight", weight);
        var wrong = PlantedError.SIGN.in(in -> in[0].mul(in[1]), 1);
        GradientReport report = GradientCheck.of(() -> wrong.apply(new Tensor[] {x, weight}), inputs);
        assertThat(report.passed()).isFalse();
        assertThat(report.failures()).hasSize(3).allMatch(d -> d.input().equals("weight"));
        Derivative worst = report.failures().getFirst();
        assertThat(worst.relativeError()).isGreaterThan(1.9);
        assertThat(report.toString())
                .contains("3 of 9 derivatives are wrong (x: 0 of 6, weight: 3 of 3)")
                .contains("weight[0]", "weight[1]", "weight[2]", "analytic", "numeric", "the sign is wrong")
                .contains(String.format(java.util.Locale.ROOT, "%.8g", worst.analytic()));
        assertThatThrownBy(report::requirePass)
                .isInstanceOf(AssertionError.class)
                .hasMessage(report.toString());
    }

    @Test
    void u5_aCheckWithoutARelativeErrorSaysSo() {
        Tensor tiny = Tensor.of(new double[] {1, -2}, 2); // derivatives 1e-10 times the upstream, lost in rounding
        GradientReport report =
                GradientCheck.of(in -> in[0].mul(1e-10).add(1), tiny).requirePass();
        assertThat(report.excused()).isEqualTo(2);
        assertThat(report.worstError()).isNaN();
        assertThat(report.toString())
                .startsWith("gradient check passed: 2 derivatives, all too near zero for a relative error")
                .doesNotContain("0.0e+00");
        // Each derivative that agrees to ten digits counts, however small the difference.
        GradientReport exact = GradientCheck.of(in -> in[0].mul(3), x).requirePass();
        assertThat(exact.excused()).isZero();
        assertThat(exact.worstError()).isPositive().isLessThan(1e-9);
        Tensor mixed = Tensor.of(new double[] {1e-11, 1}, 2);
        GradientReport both =
                GradientCheck.of(in -> in[0].mul(in[0]).add(1), mixed).requirePass();
        assertThat(both.excused()).isEqualTo(1);
        assertThat(both.toString()).contains("2 derivatives, largest relative error", "not counting 1 too near zero");
    }

    @Test
    void missingAndDoubledGradientsAreTold() {
        String missing = GradientCheck.of(in -> in[0].detach().square(), x).toString();
        assertThat(missing).contains("6 of 6").contains("no gradient arrives").contains("x0[1, 2]");
        String doubled = GradientCheck.of(PlantedError.FACTOR_2.in(in -> in[0].exp(), 0), x)
                .toString();
        assertThat(doubled).contains("a factor of 2");
    }

    @Test
    void aGradientThatIsNaNFails() {
        Tensor zero = Tensor.of(new double[] {0}, 1); // √x has no derivative at 0
        assertThat(GradientCheck.of(in -> in[0].sqrt(), zero).passed()).isFalse();
    }

    @Test
    void manyElementsAreSampledAndWalkedAlongDirections() {
        Tensor large = Draw.normal(3, 50, 41);
        GradientReport report = GradientCheck.of(in -> in[0].square(), large).requirePass();
        assertThat(report.derivatives()).hasSize(GradientCheck.SAMPLES + GradientCheck.DIRECTIONS);
        var wrong = PlantedError.DROPPED_TERM.in(in -> in[0].square(), 0);
        GradientReport dropped = GradientCheck.of(wrong, large);
        // One element of 2,050 is forgotten: a sample may miss it, a direction through everything does not.
        assertThat(dropped.failures()).anyMatch(d -> d.input().equals("direction"));
    }

    @Test
    void leavesNoTrace() {
        double[] before = x.toArray();
        Tensor parameter = Draw.normal(4, 3).requireGrad();
        GradientCheck.of(() -> x.mul(parameter), Map.of("x", x, "parameter", parameter))
                .requirePass();
        assertThat(x.toArray()).isEqualTo(before);
        assertThat(x.requiresGrad()).isFalse();
        assertThat(x.grad()).isNull();
        assertThat(parameter.requiresGrad()).isTrue();
        assertThat(parameter.grad()).isNull();
    }

    @Test
    void whatCannotBeCheckedIsRefused() {
        refused(() -> GradientCheck.of(in -> in[0], Tensor.ones(2)), "x0 must be float64; got FLOAT32");
        refused(() -> GradientCheck.of(in -> in[0].to(DType.FLOAT32), x), "the result must be float64");
        refused(() -> GradientCheck.of(() -> x, Map.of()), "at least one tensor");
        refused(() -> GradientCheck.of(in -> x, (Tensor) null), "x0 must be float64; got null");
        Tensor made = Draw.normal(1, 2).requireGrad().square();
        refused(() -> GradientCheck.of(in -> in[0].square(), made), "an operation computed this tensor");
        int[] calls = {0};
        refused(
                () -> GradientCheck.of(in -> in[0].dropout(0.5, Rng.of(calls[0]++)), x),
                "two calls of the function gave different results");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String words) {
        assertThatThrownBy(call).isInstanceOf(ShapeException.class).hasMessageContaining(words);
    }
}
