package gradus.lessons.initialisation;

import gradus.lessons.learn.exercise.Exercise;

final class UnitVarianceExercise {
    private UnitVarianceExercise() {}

    static Exercise exercise() {
        return Exercise.of(UnitVariance.class, "Scale weights by what comes out")
                .probe(
                        "two inputs, one weight",
                        "The outputs are 2·1 = 2 and 2·5 = 10, their mean is 6, the variance (16 + 16)/2 = 16:"
                                + " 2/4 = 0.5",
                        t -> t.call(t.matrix(new double[] {2}), t.matrix(new double[] {1}, new double[] {5})))
                .probe(
                        "one row, two outputs",
                        "The outputs are 3 and 7, mean 5, variance 4: 3/2 and 7/2",
                        t -> t.call(t.matrix(new double[] {3}, new double[] {7}), t.matrix(new double[] {1})))
                .probe(
                        "outputs far from zero",
                        "11 and 13: the mean is taken off, so that the deviation is 1, not 12",
                        t -> t.call(t.matrix(new double[] {11}, new double[] {13}), t.matrix(new double[] {1})))
                .probe("weights of a hundredth", "", t -> t.call(t.normal(3, 4).mul(0.01), t.normal(2, 4)))
                .probe(
                        "few large inputs",
                        "",
                        t -> t.call(t.normal(2, 5), t.normal(3, 5).mul(30)))
                .probe(
                        "inputs that are not centred",
                        "",
                        t -> t.call(t.normal(4, 6), t.uniform(5, 6).add(2)))
                .probe("a larger batch", "", t -> t.call(t.normal(7, 9).mul(3), t.normal(20, 9)))
                .bug("It divides by the variance, and should divide by its root", "variance.sqrt()", "variance")
                .bug("It multiplies by the deviation, and should divide", "weight.div(", "weight.mul(")
                .bug("The mean is not taken off: that is the root of the mean square", "y.sub(y.mean())", "y")
                .bug(
                        "The variance is divided by N·F - 1, and should be by N·F",
                        "square().mean()",
                        "square().sum().div(y.size() - 1)")
                .bug("Every output has a mean of its own", "y.sub(y.mean())", "y.sub(y.mean(0, true))")
                .bug("Every row of the batch has a mean of its own", "y.sub(y.mean())", "y.sub(y.mean(1, true))")
                .bug(
                        "Every output is scaled by its own deviation",
                        "y.sub(y.mean()).square().mean()",
                        "y.sub(y.mean()).square().mean(0).reshape(-1, 1)")
                .bug(
                        "The deviation is that of the weights, not of the outputs",
                        "x.matmul(weight, false, true)",
                        "weight")
                .bug("The deviation is that of the inputs, not of the outputs", "x.matmul(weight, false, true)", "x")
                .bug("The sum of the squares is not divided by their number", "square().mean()", "square().sum()")
                .bug("The weight's mean is taken off too", "weight.div(", "weight.sub(weight.mean()).div(")
                .bug(
                        "Absolute distances are used, and squared ones are asked for",
                        "square().mean()",
                        "abs().mean().square()")
                .variant("mean of the squares less the square of the mean", """
                        double[] y = x.matmul(weight.transpose(0, 1)).toArray();
                        double sum = 0;
                        double squares = 0;
                        for (double each : y) {
                            sum += each;
                            squares += each * each;
                        }
                        double mean = sum / y.length;
                        return weight.mul(1 / Math.sqrt(squares / y.length - mean * mean));
                        """)
                .variant("by loops", """
                        double[] w = weight.toArray();
                        double[] in = x.toArray();
                        int c = x.dim(1);
                        int rows = x.dim(0);
                        int outputs = weight.dim(0);
                        double[] y = new double[rows * outputs];
                        double mean = 0;
                        for (int i = 0; i < y.length; i++) {
                            for (int j = 0; j < c; j++) {
                                y[i] += in[i / outputs * c + j] * w[i % outputs * c + j];
                            }
                            mean += y[i] / y.length;
                        }
                        double variance = 0;
                        for (double each : y) {
                            variance += Math.pow(each - mean, 2) / y.length;
                        }
                        float[] scaled = new float[w.length];
                        for (int i = 0; i < w.length; i++) {
                            scaled[i] = (float) (w[i] / Math.sqrt(variance));
                        }
                        return Tensor.of(scaled, outputs, c);
                        """)
                .variant("the library's deviation", """
                        return weight.div(x.matmul(weight, false, true).std(new int[] {0, 1}, 0, false));
                        """)
                .hints(
                        "If the weight is divided by a number, what becomes of the outputs, and of their variance?",
                        "y = x·Wᵀ; its deviation over all numbers is √mean((y - mean(y))²).",
                        "weight.div(y.sub(y.mean()).square().mean().sqrt()).")
                .reading("The section \"One layer\" of this lesson; Mishkin & Matas 2015");
    }
}
