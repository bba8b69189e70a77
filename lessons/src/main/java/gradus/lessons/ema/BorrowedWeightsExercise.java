package gradus.lessons.ema;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleSupplier;

final class BorrowedWeightsExercise {
    /// `Σ k·Σ weights[k]²`, k from 1, or an exception after it.
    private record Evaluation(List<Tensor> weights, boolean fails) implements DoubleSupplier {
        @Override
        public double getAsDouble() {
            if (fails) {
                throw new IllegalArgumentException("the evaluation failed");
            }
            double sum = 0;
            for (int k = 0; k < weights.size(); k++) {
                sum += (k + 1) * weights.get(k).square().sum().item();
            }
            return sum;
        }

        @Override
        public String toString() {
            return fails ? "() → throws" : "() → Σ k·Σ weights[k]²";
        }
    }

    private BorrowedWeightsExercise() {}

    static Exercise exercise() {
        return Exercise.of(BorrowedWeights.class, "Averages for the time of an evaluation")
                .changesArguments()
                .probe(
                        "one weight",
                        "with the average 3 the evaluation gives 9; then the weight is 2 again",
                        t -> run(t, List.of(t.vector(2)), List.of(t.vector(3)), 1, false))
                .probe(
                        "three tensors, three times",
                        "the second evaluation finds the same weights and averages as the first",
                        t -> run(
                                t,
                                List.of(t.normal(2, 3), t.normal(5), t.normal(1)),
                                List.of(t.normal(2, 3), t.normal(5), t.normal(1)),
                                3,
                                false))
                .probe(
                        "an evaluation that throws",
                        "the weights must be back all the same, and the caller must hear of it",
                        t -> run(t, List.of(t.normal(4), t.normal(2)), List.of(t.normal(4), t.normal(2)), 1, true))
                .probe("no tensors", "Σ over nothing is 0", t -> run(t, List.of(), List.of(), 1, false))
                .bug(
                        "After the evaluation the weights still hold the averages: they were not put back, or what was"
                                + " kept"
                                + " shares its memory with them",
                        "Tensor::clone",
                        "Tensor::detach")
                .bug(
                        "The evaluation sees the weights, not the averages",
                        "weights.get(i).copyFrom(averages.get(i));",
                        "")
                .bug(Bug.of("The weights are put back only if the evaluation does not throw")
                        .replacing("return evaluate.getAsDouble();", "double result = evaluate.getAsDouble();")
                        .replacing(
                                "} finally {",
                                "for (int i = 0; i < weights.size(); i++) { weights.get(i).copyFrom(kept.get(i)) ; }\n"
                                        + "return result;\n} catch (IllegalArgumentException e) {\nthrow e;\n} finally"
                                        + " {")
                        .replacing("weights.get(i).copyFrom(kept.get(i));", ""))
                .bug(
                        "The averages are overwritten by the weights when these are put back",
                        "weights.get(i).copyFrom(kept.get(i));",
                        "weights.get(i).copyFrom(kept.get(i));\naverages.get(i).copyFrom(kept.get(i));")
                .bug(
                        "What the evaluation throws is swallowed",
                        "} finally {",
                        "} catch (RuntimeException e) {\nreturn Double.NaN;\n} finally {")
                .bug(
                        "Only the first tensor is put back",
                        "weights.get(i).copyFrom(kept.get(i));",
                        "weights.get(0).copyFrom(kept.get(0));")
                .variant("the numbers kept as arrays", """
                        double[][] kept = new double[weights.size()][];
                        for (int i = 0; i < kept.length; i++) {
                            kept[i] = weights.get(i).toArray();
                            weights.get(i).copyFrom(averages.get(i));
                        }
                        try {
                            return evaluate.getAsDouble();
                        } finally {
                            for (int i = 0; i < kept.length; i++) {
                                weights.get(i).set(kept[i]);
                            }
                        }
                        """)
                .variant("exchanged there and back", """
                        Runnable exchange = () -> {
                            for (int i = 0; i < weights.size(); i++) {
                                Tensor other = weights.get(i).clone();
                                weights.get(i).copyFrom(averages.get(i));
                                averages.get(i).copyFrom(other);
                            }
                        };
                        exchange.run();
                        double result;
                        try {
                            result = evaluate.getAsDouble();
                        } catch (RuntimeException e) {
                            exchange.run();
                            throw e;
                        }
                        exchange.run();
                        return result;
                        """)
                .hints(
                        "What must you keep before the averages go in, and what makes sure that it goes back?",
                        "Clones of all weights first; then try { … } finally { … }.",
                        "In the try: weights.get(i).copyFrom(averages.get(i)) for all i, and return"
                                + " evaluate.getAsDouble(). In the finally: weights.get(i).copyFrom(kept.get(i)).")
                .reading("The section \"Evaluating with the average\" of this lesson");
    }

    private static Object run(Trial t, List<Tensor> weights, List<Tensor> averages, int times, boolean fails) {
        for (int i = 0; i < times; i++) {
            if (fails) {
                t.refuses("what the evaluation throws", () -> t.call(weights, averages, new Evaluation(weights, true)));
            } else {
                t.see("evaluation " + (i + 1), t.call(weights, averages, new Evaluation(weights, false)));
            }
            t.see("weights after it", weights);
            t.see("averages after it", averages);
        }
        return null;
    }
}
