package gradus.lessons.muon;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;
import java.util.function.UnaryOperator;

final class MuonStepExercise {
    /// In the place of `orthogonal`, and shown to the learner by its formula.
    private record Shape(String formula, UnaryOperator<Tensor> map) implements UnaryOperator<Tensor> {
        @Override
        public Tensor apply(Tensor u) {
            return map.apply(u);
        }

        @Override
        public String toString() {
            return formula;
        }
    }

    private static final Shape SAME = new Shape("u → u", u -> u);
    private static final Shape SIGN = new Shape("u → u/|u|", Tensor::sign);
    private static final Shape ROW = new Shape("u → u/‖u‖", u -> u.div(u.norm().add(1e-7)));
    private static final Shape SHIFTED = new Shape("u → u² + 1", u -> u.square().add(1));

    private MuonStepExercise() {}

    static Exercise exercise() {
        return Exercise.of(MuonStep.class, "Muon's step")
                .probe(
                        "one number, one step",
                        "u has the sign of g, so the step is lr·1; with the decay, 2·(1 - 0.1·0.1) - 0.1 = 1.88",
                        t -> run(t, SIGN, t.matrix(new double[] {2}), new double[] {0.1}, t.matrix(new double[] {5})))
                .probe(
                        "one number, two steps, nothing orthogonalised",
                        "m = 0.1·1 = 0.1, u = 0.09 + 0.1 = 0.19: 0 - 0.19 = -0.19; then m = 0.09, u = 0.081 for g = 0,"
                                + " and the decay by 1 - 0.1: -0.171 - 0.081 = -0.252",
                        t -> run(
                                t,
                                SAME,
                                t.matrix(new double[] {0}),
                                new double[] {1, 1},
                                t.matrix(new double[] {1}),
                                t.matrix(new double[] {0})))
                .probe(
                        "three rows, two columns",
                        "r/c = 1.5: beside the decay every element moves by lr·√1.5 = 1.2247",
                        t -> run(t, SIGN, t.normal(3, 2), new double[] {1}, t.normal(3, 2)))
                .probe(
                        "two rows, three columns",
                        "r/c is below 1, so the factor is 1",
                        t -> run(t, SIGN, t.normal(2, 3), new double[] {1}, t.normal(2, 3)))
                .probe(
                        "what comes out of orthogonal is scaled, not what goes in",
                        "√9 = 3 stands outside: u² + 1 is not the same of 3·u",
                        t -> run(t, SHIFTED, t.normal(9, 1), new double[] {0.5}, t.normal(9, 1)))
                .probe(
                        "four steps of a matrix, rates that change",
                        "",
                        t -> run(
                                t,
                                ROW,
                                t.normal(5, 3),
                                new double[] {0.5, 0.2, 1, 0.1},
                                t.normal(5, 3),
                                t.normal(5, 3),
                                t.normal(5, 3),
                                t.normal(5, 3)))
                .bug(
                        "The momentum itself is orthogonalised, without Nesterov's look ahead",
                        "orthogonal.apply(mean.mul(MOMENTUM).add(part))",
                        "orthogonal.apply(mean)")
                .bug(
                        "The gradient is orthogonalised, not the momentum",
                        "orthogonal.apply(mean.mul(MOMENTUM).add(part))",
                        "orthogonal.apply(gradient)")
                .bug("The gradient goes into the mean in full, without 1 - μ", "gradient.mul(1 - MOMENTUM)", "gradient")
                .bug(
                        "The mean is forgotten after every step",
                        "mean = mean.mul(MOMENTUM).add(part);",
                        "Tensor mean = this.mean.mul(MOMENTUM).add(part);")
                .bug(
                        "The mean is orthogonalised first and the gradient added after, so that the step is not"
                                + " orthogonal",
                        "orthogonal.apply(mean.mul(MOMENTUM).add(part))",
                        "orthogonal.apply(mean).mul(MOMENTUM).add(part)")
                .bug(
                        "Rows and columns are exchanged in the factor",
                        "(double) weights.dim(0) / weights.dim(1)",
                        "(double) weights.dim(1) / weights.dim(0)")
                .bug(
                        "The quotient of rows and columns is cut to a whole number",
                        "(double) weights.dim(0) / weights.dim(1)",
                        "weights.dim(0) / weights.dim(1)")
                .bug("The factor of the shape is left out", "rate * scale", "rate")
                .bug(
                        "The factor of the shape is the quotient, not its root",
                        "Math.sqrt(Math.max(1.0, (double) weights.dim(0) / weights.dim(1)))",
                        "Math.max(1.0, (double) weights.dim(0) / weights.dim(1))")
                .bug("Weight decay is left out", "weights.mul(1 - rate * DECAY)", "weights")
                .bug(Bug.of("The decay goes into the gradient, where orthogonalising takes its size away")
                        .replacing("gradient.mul(1 - MOMENTUM)", "gradient.add(weights.mul(DECAY)).mul(1 - MOMENTUM)")
                        .replacing("weights.mul(1 - rate * DECAY)", "weights"))
                .variant("the mean as one number between two", """
                        mean = mean.add(gradient.sub(mean).mul(1 - MOMENTUM));
                        Tensor u = gradient.add(mean.sub(gradient).mul(MOMENTUM));
                        double r = weights.shape().dims()[0];
                        double c = weights.shape().dims()[1];
                        double scale = r > c ? Math.sqrt(r / c) : 1;
                        Tensor shrunk = weights.sub(weights.mul(DECAY * rate));
                        return shrunk.sub(orthogonal.apply(u).mul(scale).mul(rate));
                        """)
                .variant("everything at once", """
                        Tensor old = mean;
                        mean = old.mul(MOMENTUM).add(gradient.mul(1 - MOMENTUM));
                        Tensor u = old.mul(MOMENTUM * MOMENTUM).add(gradient.mul((1 + MOMENTUM) * (1 - MOMENTUM)));
                        double factor = Math.sqrt(Math.max(weights.dim(0), weights.dim(1)))
                                / Math.sqrt(weights.dim(1));
                        return weights.sub(weights.mul(DECAY).add(orthogonal.apply(u).mul(factor)).mul(rate));
                        """)
                .hints(
                        "In which order do the mean, the look ahead, the orthogonal matrix and the factor come?",
                        "u comes from the new mean and once more from the gradient; the factor multiplies what"
                                + " orthogonal gives.",
                        "weights.mul(1 - rate * DECAY).sub(orthogonal.apply(u).mul(rate * scale)), where scale ="
                                + " Math.sqrt(Math.max(1.0, (double) r / c)).")
                .reading("The section \"The step\" of this lesson");
    }

    private static Object run(
            Trial t, UnaryOperator<Tensor> orthogonal, Tensor start, double[] rates, Tensor... gradients) {
        Object muon = t.create(start, orthogonal);
        Tensor weights = start;
        for (int i = 0; i < rates.length; i++) {
            weights = (Tensor) t.callOn(muon, "step", weights, gradients[i], rates[i]);
            t.see("weights after step " + (i + 1), weights);
        }
        return null;
    }
}
