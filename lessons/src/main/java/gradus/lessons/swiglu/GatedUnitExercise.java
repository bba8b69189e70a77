package gradus.lessons.swiglu;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;

final class GatedUnitExercise {
    private GatedUnitExercise() {}

    static Exercise exercise() {
        return Exercise.of(GatedUnit.class, "SwiGLU")
                .forbid("silu")
                .probe(
                        "one channel, one unit",
                        "x = 1, Wg = 2, Wu = 3, Wd = 10: SiLU(2) = 2·0.88080 = 1.76159; times 3, times 10: 52.8478",
                        t -> numbers(t, 1, 2, 3, 10))
                .probe(
                        "a negative gate",
                        "SiLU(-2) = -2·0.11920 = -0.23841; times 3, times 10: -7.15218",
                        t -> numbers(t, 1, -2, 3, 10))
                .probe(
                        "a negative value",
                        "SiLU sees the gate alone: 1.76159·(-3)·10 = -52.8478",
                        t -> numbers(t, 1, 2, -3, 10))
                .probe(
                        "a gate of -1000",
                        "e^1000 is infinite, and the result 0",
                        t -> t.call(
                                t.tensor(new double[] {1, 0.001}, 1, 2, 1),
                                t.matrix(new double[] {-1000}),
                                t.matrix(new double[] {3}),
                                t.matrix(new double[] {10})))
                .probe("a gate of 1000", "SiLU(1000) = 1000", t -> numbers(t, 1, 1000, 3, 10))
                .probe("more units than channels, and gradients", "", t -> unit(t, 2, 3, 4, 7))
                .probe("more channels than units, and gradients", "", t -> unit(t, 3, 2, 6, 5))
                .bug(
                        "The gate has no activation: the unit is a plain product",
                        "gates.mul(gates.sigmoid()).mul(values)",
                        "gates.mul(values)")
                .bug(
                        "The gate is a sigmoid: that is GLU, and SiLU has another factor a",
                        "gates.mul(gates.sigmoid()).mul(values)",
                        "gates.sigmoid().mul(values)")
                .bug(
                        "Gate and value are exchanged: SiLU acts on x·Wuᵀ",
                        "gates.mul(gates.sigmoid()).mul(values)",
                        "values.mul(values.sigmoid()).mul(gates)")
                .bug(
                        "SiLU acts on both sides",
                        "gates.mul(gates.sigmoid()).mul(values)",
                        "gates.mul(gates.sigmoid()).mul(values.mul(values.sigmoid()))")
                .bug(
                        "SiLU acts on the product of gate and value",
                        "gates.mul(gates.sigmoid()).mul(values)",
                        "gates.mul(values).mul(gates.mul(values).sigmoid())")
                .bug(
                        "Gate and value are added, and should be multiplied",
                        "gates.sigmoid()).mul(values)",
                        "gates.sigmoid()).add(values)")
                .bug(
                        "The gate is GELU's: that is GeGLU",
                        "gates.mul(gates.sigmoid()).mul(values)",
                        "gates.geluTanh().mul(values)")
                .bug(
                        "The gate is a ReLU: that is ReGLU",
                        "gates.mul(gates.sigmoid()).mul(values)",
                        "gates.relu().mul(values)")
                .bug(
                        "The value is missing: only the gate goes on",
                        "gates.mul(gates.sigmoid()).mul(values)",
                        "gates.mul(gates.sigmoid())")
                .bug(
                        "The input is added at the end, which is the block's work",
                        "return hidden.matmul(down, false, true)",
                        "return hidden.matmul(down, false, true).add(x)")
                .bug("The gate is cut off from the gradient", "gates.sigmoid()", "gates.sigmoid().detach()")
                .variant("one product for gate and value", """
                        int units = gate.dim(0);
                        Tensor both = x.matmul(Tensor.concat(0, gate, up).transpose(0, 1));
                        Tensor a = both.slice(2, 0, units);
                        Tensor b = both.slice(2, units);
                        return a.mul(b).mul(a.sigmoid()).matmul(down.transpose(0, 1));
                        """)
                .variant("by tanh", """
                        Tensor rows = x.reshape(-1, x.dim(2));
                        Tensor a = rows.linear(gate, null);
                        Tensor half = a.mul(0.5);
                        Tensor silu = half.mul(half.tanh()).add(half);
                        Tensor y = rows.matmul(up, false, true).mul(silu).matmul(down, false, true);
                        return y.reshape(x.dim(0), x.dim(1), x.dim(2));
                        """)
                .hints(
                        "There are three products of matrices. Which two can be taken at once, and which one last?",
                        "x.matmul(gate, false, true) is x·Wgᵀ, of shape (B, T, F). SiLU is applied to this one only.",
                        "gates.mul(gates.sigmoid()).mul(values), then .matmul(down, false, true).")
                .reading("The section \"Gates\" of this lesson; Shazeer 2020, equation 6");
    }

    private static Object numbers(Trial t, double x, double gate, double up, double down) {
        return t.call(
                t.tensor(new double[] {x}, 1, 1, 1),
                t.matrix(new double[] {gate}),
                t.matrix(new double[] {up}),
                t.matrix(new double[] {down}));
    }

    private static Object unit(Trial t, int batch, int time, int channels, int units) {
        Tensor x = t.normal(batch, time, channels);
        return t.callWithGradients(x, t.normal(units, channels), t.normal(units, channels), t.normal(channels, units));
    }
}
