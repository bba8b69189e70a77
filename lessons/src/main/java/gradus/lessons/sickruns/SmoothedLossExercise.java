package gradus.lessons.sickruns;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;

final class SmoothedLossExercise {
    private SmoothedLossExercise() {}

    static Exercise exercise() {
        return Exercise.of(SmoothedLoss.class, "A loss curve without its noise")
                .tolerance(1e-9)
                .probe(
                        "one loss",
                        "m = 0.1·4 = 0.4, divided by 1 - 0.9 = 0.1: 4, the loss itself",
                        t -> t.call(new double[] {4}, 0.9))
                .probe(
                        "two losses",
                        "m₁ = 0.5·4 = 2, shown 2/(1 - 0.5) = 4; m₂ = 0.5·2 + 0.5·1 = 1.5, shown 1.5/(1 - 0.25) = 2",
                        t -> t.call(new double[] {4, 1}, 0.5))
                .probe(
                        "β = 0",
                        "nothing is remembered: the losses themselves",
                        t -> t.call(new double[] {3, 1, 2}, 0.0))
                .probe(
                        "a NaN among them",
                        "the NaN is passed over: the place shows 4 again, and the third loss is the second that counts",
                        t -> t.call(new double[] {4, Double.NaN, 1}, 0.5))
                .probe(
                        "infinite losses",
                        "an infinite loss is left out like a NaN",
                        t -> t.call(new double[] {4, Double.POSITIVE_INFINITY, 2, Double.NEGATIVE_INFINITY, 1}, 0.8))
                .probe(
                        "NaN first",
                        "before the first finite loss there is nothing to show but NaN",
                        t -> t.call(new double[] {Double.NaN, Double.NaN, 6, 3}, 0.75))
                .probe("no loss", "no numbers", t -> t.call(new double[0], 0.9))
                .probe("a long run", "", t -> t.call(t.normals(57), 0.93))
                .bug(
                        "The start at 0 is not corrected: the curve begins far too low and creeps up",
                        "mean / (1 - correction)",
                        "mean")
                .bug(
                        "β and 1 - β are exchanged: the newest loss gets the large weight",
                        "beta * mean + (1 - beta) * losses[i]",
                        "(1 - beta) * mean + beta * losses[i]")
                .bug(new Bug(
                                "A loss that is not finite is counted in t although it is left out of the mean",
                                java.util.List.of())
                        .replacing("                correction *= beta;\n", "")
                        .replacing(
                                "            if (Double.isFinite(losses[i])) {",
                                "            correction *= beta;\n            if (Double.isFinite(losses[i])) {"))
                .bug(
                        "Only NaN is left out: after one infinite loss every number is infinite or NaN",
                        "Double.isFinite(losses[i])",
                        "!Double.isNaN(losses[i])")
                .bug("A loss that is not finite spoils all numbers after it", "if (Double.isFinite(losses[i])) {", "{")
                .bug(
                        "The mean starts at the first loss and is corrected as if it had started at 0",
                        "mean = beta * mean + (1 - beta) * losses[i];",
                        "mean = Double.isNaN(last) ? losses[i] : beta * mean + (1 - beta) * losses[i];")
                .bug(
                        "The place of a loss that is not finite shows NaN, not the value before it",
                        "shown[i] = last;",
                        "shown[i] = Double.isFinite(losses[i]) ? last : Double.NaN;")
                .variant("as a weighted mean", """
                        double[] shown = new double[losses.length];
                        double sum = 0;
                        double weights = 0;
                        for (int i = 0; i < losses.length; i++) {
                            if (!Double.isNaN(losses[i]) && !Double.isInfinite(losses[i])) {
                                sum = beta * sum + losses[i];
                                weights = beta * weights + 1;
                            }
                            shown[i] = sum / weights;
                        }
                        return shown;
                        """)
                .variant("each number by itself", """
                        double[] shown = new double[losses.length];
                        for (int i = 0; i < losses.length; i++) {
                            double sum = 0;
                            double weights = 0;
                            double weight = 1;
                            for (int j = i; j >= 0; j--) {
                                if (Double.isFinite(losses[j])) {
                                    sum += weight * losses[j];
                                    weights += weight;
                                    weight *= beta;
                                }
                            }
                            shown[i] = weights == 0 ? Double.NaN : sum / weights;
                        }
                        return shown;
                        """)
                .hints(
                        "With all losses equal to 4, what must every number shown be? What is m₁ then?",
                        "Keep three things from step to step: m, βᵗ, and the value shown last.",
                        "Where the loss is finite: mean = beta * mean + (1 - beta) * x; correction *= beta;"
                                + " last = mean / (1 - correction). Always: shown[i] = last.")
                .reading("The section \"Look beneath the noise\" of this lesson; Kingma & Ba 2014, section 3");
    }
}
