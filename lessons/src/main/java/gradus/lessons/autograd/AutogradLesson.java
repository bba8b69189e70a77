package gradus.lessons.autograd;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Derivatives of whatever was computed: a graph of numbers, walked backwards; and a small network that
/// learns by it.
public final class AutogradLesson {
    private static final double[][] INPUTS = {{-1, -1}, {-1, 1}, {1, -1}, {1, 1}};
    private static final double[] TARGETS = {-1, 1, 1, -1};
    private static final int HIDDEN = 3;
    private static final int STEPS = 200;
    private static final double RATE = 0.1;

    private AutogradLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Reverse-mode autograd by hand",
                AutogradLesson.class,
                ChainRuleExercise.exercise(),
                TapeExercise.exercise(),
                ValueExercise.exercise());
    }

    public static void main(String[] arguments) {
        shared();
        neuron();
        learnExclusiveOr();
    }

    private static void shared() {
        Value x = Value.of(2);
        Value y = x.mul(x);
        Value z = y.mul(y).add(y);
        z.backward();
        System.out.printf(
                Locale.ROOT,
                "x = %.0f, y = x*x = %.0f, z = y*y + y = %.0f: dz/dy = %.0f, dz/dx = %.0f%n",
                x.data(),
                y.data(),
                z.data(),
                y.grad(),
                x.grad());
    }

    private static void neuron() {
        double[] gradient = ChainRule.gradient(new double[] {0.5, -1}, new double[] {2, 3}, 1, 1);
        System.out.printf(
                Locale.ROOT,
                "a neuron: dL/dw = %.4f %.4f, dL/dx = %.4f %.4f, dL/db = %.4f%n",
                gradient[0],
                gradient[1],
                gradient[2],
                gradient[3],
                gradient[4]);
    }

    /// The exclusive or: 1 where exactly one of two inputs is 1. No single neuron can do it.
    private static void learnExclusiveOr() {
        List<Double> weights = new ArrayList<>();
        for (int i = 0; i < 4 * HIDDEN + 1; i++) {
            weights.add(Math.sin(3 * i + 1));
        }
        double[] losses = new double[STEPS];
        for (int step = 0; step < STEPS; step++) {
            List<Value> parameters = weights.stream().map(Value::of).toList();
            Value loss = loss(parameters);
            loss.backward();
            losses[step] = loss.data();
            weights.clear();
            parameters.forEach(p -> weights.add(p.data() - RATE * p.grad()));
            if (step % 50 == 0 || step == STEPS - 1) {
                System.out.printf(Locale.ROOT, "step %3d: loss %.3f%n", step, losses[step]);
            }
        }
        for (double[] input : INPUTS) {
            double output =
                    output(weights.stream().map(Value::of).toList(), input).data();
            System.out.printf(Locale.ROOT, "%2.0f xor %2.0f: %.2f%n", input[0], input[1], output);
        }
        LinePlot.of("a network of plain numbers learns the exclusive or", "step", "loss")
                .line("loss", losses)
                .save("exclusive-or");
    }

    private static Value loss(List<Value> parameters) {
        Value loss = Value.of(0);
        for (int i = 0; i < INPUTS.length; i++) {
            Value off = output(parameters, INPUTS[i]).add(Value.of(-TARGETS[i]));
            loss = loss.add(off.mul(off));
        }
        return loss;
    }

    /// Two inputs, three neurons with tanh, one output with tanh.
    private static Value output(List<Value> parameters, double[] input) {
        Value sum = parameters.get(4 * HIDDEN);
        for (int h = 0; h < HIDDEN; h++) {
            Value z = parameters.get(4 * h + 2);
            for (int i = 0; i < 2; i++) {
                z = z.add(parameters.get(4 * h + i).mul(Value.of(input[i])));
            }
            sum = sum.add(parameters.get(4 * h + 3).mul(z.tanh()));
        }
        return sum.tanh();
    }
}
