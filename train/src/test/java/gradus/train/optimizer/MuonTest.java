package gradus.train.optimizer;

import static gradus.train.optimizer.OptimizerDrill.CONFIG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.train.optimizer.OptimizerDrill.Maker;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MuonTest {
    private static final Maker MUON =
            parameters -> new Muon(parameters, new MuonConfig(CONFIG.beta1(), MuonScale.ORIGINAL, CONFIG));
    private static final Maker AS_ADAMW =
            parameters -> new Muon(parameters, new MuonConfig(CONFIG.beta1(), MuonScale.AS_ADAMW, CONFIG));

    /// Four steps in loops over plain arrays.
    @Property(tries = 200)
    void equalsTheLoop(@ForAll @IntRange(min = 1, max = 5) int rows, @ForAll @IntRange(min = 1, max = 6) int columns) {
        Tensor matrix = OptimizerDrill.parameter("matrix", rows, columns);
        Optimizer muon = MUON.apply(OptimizerDrill.parameters(matrix, OptimizerDrill.parameter("vector", 1)));
        double[] theta = matrix.toArray();
        double[] m = new double[theta.length];
        for (int t = 1; t <= 4; t++) {
            double[] g = OptimizerDrill.normal(OptimizerDrill.RNG.at("gradient").at(t), theta.length);
            double[][] u = new double[rows][columns];
            double norm = 0;
            for (int i = 0; i < m.length; i++) {
                m[i] = 0.9 * m[i] + 0.1 * g[i];
                u[i / columns][i % columns] = 0.1 * g[i] + 0.9 * m[i];
                norm += u[i / columns][i % columns] * u[i / columns][i % columns];
            }
            for (double[] row : u) {
                for (int j = 0; j < columns; j++) {
                    row[j] /= Math.sqrt(norm);
                }
            }
            double[][] x = rows > columns ? transpose(orthogonal(transpose(u))) : orthogonal(u);
            double lr = 0.01 * t;
            for (int i = 0; i < m.length; i++) {
                theta[i] = theta[i] * (1 - lr * 0.1)
                        - lr * Math.sqrt(Math.max(1, (double) rows / columns)) * x[i / columns][i % columns];
            }
            OptimizerDrill.giveGradient(matrix, g);
            muon.step(lr);
            // double; the five products of five factors multiply roundings by less than a thousand
            assertThat(matrix.toArray()).containsExactly(theta, within(1e-12));
        }
    }

    private static double[][] orthogonal(double[][] x) {
        for (int round = 0; round < 5; round++) {
            double[][] a = product(x, transpose(x));
            double[][] ax = product(a, x);
            double[][] aax = product(a, ax);
            for (int i = 0; i < x.length; i++) {
                for (int j = 0; j < x[0].length; j++) {
                    x[i][j] = 3.4445 * x[i][j] - 4.7750 * ax[i][j] + 2.0315 * aax[i][j];
                }
            }
        }
        return x;
    }

    private static double[][] product(double[][] a, double[][] b) {
        double[][] c = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b[0].length; j++) {
                for (int k = 0; k < b.length; k++) {
                    c[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return c;
    }

    private static double[][] transpose(double[][] a) {
        double[][] t = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a[0].length; j++) {
                t[j][i] = a[i][j];
            }
        }
        return t;
    }

    @Test
    void equalsPyTorch() throws IOException {
        OptimizerDrill.equalsPyTorch("Muon", MUON, false);
        OptimizerDrill.equalsPyTorch("MuonAsAdamW", AS_ADAMW, false);
    }

    /// Matrices whose singular values are known: a diagonal between two rotations. Five rounds bring every
    /// value from 0.05 of the norm upwards into [0.6, 1.3], and the vectors stay.
    @Property(tries = 200)
    void singularValuesComeNearOne(
            @ForAll @IntRange(min = 0, max = 628) int left, @ForAll @IntRange(min = 0, max = 628) int right) {
        Tensor u = rotation(left * 0.01);
        Tensor v = rotation(right * 0.01);
        Tensor x = NewtonSchulz.orthogonal(
                u.matmul(Tensor.of(new double[] {4, 0, 0, 0.3}, 2, 2)).matmul(v));
        double[] diagonal = u.matmul(x, true, false).matmul(v, false, true).toArray();
        assertThat(diagonal[0]).isBetween(0.6, 1.3);
        assertThat(diagonal[3]).isBetween(0.6, 1.3);
        assertThat(diagonal[1]).isCloseTo(0, within(1e-12));
        assertThat(diagonal[2]).isCloseTo(0, within(1e-12));
    }

    private static Tensor rotation(double angle) {
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        return Tensor.of(new double[] {cos, -sin, sin, cos}, 2, 2);
    }

    @Test
    void nothingStaysNothing() {
        assertThat(NewtonSchulz.orthogonal(Tensor.zeros(2, 3).to(DType.FLOAT64)).toArray())
                .containsOnly(0);
    }

    /// Tables, heads, biases and gains are AdamW's.
    @Test
    void whatIsNotInsideABlockGoesToAdamW() {
        SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
        for (String name : List.of("wte.weight", "h.0.attn.c_attn.weight", "h.0.ln_1.weight", "lm_head.weight")) {
            parameters.put(name, name.contains("ln") ? Tensor.ones(3) : Tensor.ones(3, 2));
        }
        Muon muon = new Muon(parameters, new MuonConfig(CONFIG.beta1(), MuonScale.ORIGINAL, CONFIG));
        assertThat(muon.state().keySet())
                .containsExactly(
                        "muon.steps",
                        "muon.m.0",
                        "adamw.steps",
                        "adamw.m.0",
                        "adamw.m.1",
                        "adamw.m.2",
                        "adamw.v.0",
                        "adamw.v.1",
                        "adamw.v.2");
    }

    @Test
    void forgetsTheScaleOfTheGradient() {
        OptimizerDrill.forgetsTheScaleOfTheGradient(MUON);
    }

    @Test
    void decayAloneShrinksMatrices() {
        OptimizerDrill.decayAloneShrinksMatrices(MUON);
    }

    @Test
    void keepsTheRules() {
        OptimizerDrill.keepsTheRules(MUON);
    }

    /// Blocks have numbers of any length, and may stand at the top; a number within a word is no block's.
    @Test
    void t5_blocksAreToldByTheirNumbers() {
        SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
        for (String name : List.of("h.10.mlp.weight", "3.weight", "h.123.x", "fc2.weight", "h.4", "mlp.w1.weight")) {
            parameters.put(name, Tensor.ones(3, 2));
        }
        parameters.put("h.0.kernel", Tensor.ones(3, 2, 2)); // not a matrix
        Muon muon = new Muon(parameters, new MuonConfig(CONFIG.beta1(), MuonScale.ORIGINAL, CONFIG));
        assertThat(muon.state().keySet()).contains("muon.m.2", "adamw.m.3").doesNotContain("muon.m.3", "adamw.m.4");
    }
}
