package gradus.lessons.autograd;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.random.Rng;

final class TapeExercise {
    private TapeExercise() {}

    static Exercise exercise() {
        return Exercise.of(Tape.class, "The backward pass over a tape")
                .tolerance(1e-9)
                .probe("one input", "d x / d x = 1", t -> record(t, "x", 3))
                .probe("a sum", "both have derivative 1", t -> record(t, "x x +01", 3, 4))
                .probe("a difference", "1 and -1", t -> record(t, "x x -01", 3, 4))
                .probe("a product", "each has the other's value: 4 and 3", t -> record(t, "x x *01", 3, 4))
                .probe("tanh", "1 - tanh(0.5)² = 0.78645", t -> record(t, "x t0", 0.5))
                .probe("a square", "x·x: the derivative comes twice, 3 + 3 = 6", t -> record(t, "x *00", 3))
                .probe(
                        "used twice",
                        "y = x·x, z = y·x = x³: y gets 2, x gets 4 from z and 2 · 2 · 2 = 8 through y, together 12",
                        t -> record(t, "x *00 *10", 2))
                .probe("less itself", "x - x: 1 - 1 = 0", t -> record(t, "x -00", 5))
                .probe(
                        "a step that is never used",
                        "the product leads nowhere: its gradient and what it would hand on is 0",
                        t -> record(t, "x x *01 +00", 3, 4))
                .probe("the last step is an input", "nothing leads to it", t -> record(t, "x x +01 x", 3, 4, 5))
                .probe(
                        "a neuron",
                        "tanh(w·x + b) - y, times itself",
                        t -> record(t, "x x x x *01 +42 t5 -63 *77", 0.7, -1.2, 0.4, 0.5))
                .probe(
                        "an operand that is used again by the last step",
                        "it has a gradient already when its first use hands one back: both add up",
                        TapeExercise::usedAgain)
                .probe("forty random steps", "", TapeExercise::random)
                .bug(Bug.of("A gradient is overwritten, not added to: of a value used twice only one use counts")
                        .replacing(
                                "gradients[left[i]] += g;\n                    gradients[right[i]] += g;",
                                "gradients[left[i]] = g; gradients[right[i]] = g;")
                        .replacing(
                                "gradients[left[i]] += g;\n                    gradients[right[i]] -= g;",
                                "gradients[left[i]] = g; gradients[right[i]] = -g;")
                        .replacing(
                                "gradients[left[i]] += g * values[right[i]]",
                                "gradients[left[i]] = g * values[right[i]]")
                        .replacing(
                                "gradients[right[i]] += g * values[left[i]]",
                                "gradients[right[i]] = g * values[left[i]]")
                        .replacing("gradients[left[i]] += g * (1", "gradients[left[i]] = g * (1"))
                .bug(
                        "The steps are walked from the first to the last; a step's gradient is known only"
                                + " when all later"
                                + " steps are done",
                        "int i = ops.length - 1; i >= 0; i--",
                        "int i = 0; i < ops.length; i++")
                .bug(Bug.of("A factor of a product is given its own value, not the other's")
                        .replacing("g * values[right[i]]", "g * values[left[i]]")
                        .replacing(
                                "gradients[right[i]] += g * values[left[i]]",
                                "gradients[right[i]] += g * values[right[i]]"))
                .bug(
                        "What is subtracted has the derivative -1, not 1",
                        "gradients[right[i]] -= g",
                        "gradients[right[i]] += g")
                .bug(
                        "The derivative of tanh needs its result, 1 - tanh(z)², not its argument",
                        "values[i] * values[i]",
                        "values[left[i]] * values[left[i]]")
                .bug(Bug.of("A local derivative is handed on alone; by the chain rule it is multiplied"
                                + " by the step's own"
                                + " gradient")
                        .replacing("double g = gradients[i];", "double g = 1;"))
                .bug(
                        "Every gradient begins with 1; only the last step's does",
                        "gradients[ops.length - 1] = 1;",
                        "java.util.Arrays.fill(gradients, 1);")
                .variant("a derivative for left and one for right", """
                        int n = ops.length;
                        double[] d = new double[n];
                        d[n - 1] = 1.0;
                        for (int step = n - 1; step > 0; step--) {
                            char op = ops[step];
                            if (op == 'x') {
                                continue;
                            }
                            double l = op == '*' ? values[right[step]] : op == 't' ? 1 - Math.pow(values[step], 2) : 1;
                            double r = op == '*' ? values[left[step]] : op == '-' ? -1 : 1;
                            d[left[step]] += l * d[step];
                            if (op != 't') {
                                d[right[step]] += r * d[step];
                            }
                        }
                        return d;
                        """)
                .variant("forward mode: one pass for each step", """
                        int n = ops.length;
                        double[] result = new double[n];
                        for (int of = 0; of < n; of++) {
                            double[] dot = new double[n];
                            dot[of] = 1;
                            for (int i = of + 1; i < n; i++) {
                                double l = left[i] < 0 ? 0 : dot[left[i]];
                                double r = right[i] < 0 ? 0 : dot[right[i]];
                                dot[i] = switch (ops[i]) {
                                    case '+' -> l + r;
                                    case '-' -> l - r;
                                    case '*' -> l * values[right[i]] + r * values[left[i]];
                                    case 't' -> l / Math.pow(Math.cosh(values[left[i]]), 2);
                                    default -> 0;
                                };
                            }
                            result[of] = dot[n - 1];
                        }
                        return result;
                        """)
                .hints(
                        "Which step's gradient do you know at the start? Which steps can you do next?",
                        "From the last step to the first: each hands its gradient, times the local"
                                + " derivative, to the steps"
                                + " it was computed from, and adds it to what they have.",
                        "For '*': gradients[left[i]] += g * values[right[i]] and gradients[right[i]] += g *"
                                + " values[left[i]].")
                .reading("The section \"The tape\" of this lesson");
    }

    /// Steps as in `x x *01`: an operation, and the steps it was computed from.
    private static Object record(Trial t, String text, double... inputs) {
        String[] steps = text.split(" ");
        int n = steps.length;
        char[] ops = new char[n];
        int[] left = new int[n];
        int[] right = new int[n];
        int input = 0;
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            ops[i] = steps[i].charAt(0);
            left[i] = steps[i].length() > 1 ? steps[i].charAt(1) - '0' : -1;
            right[i] = steps[i].length() > 2 ? steps[i].charAt(2) - '0' : -1;
            values[i] = ops[i] == 'x' ? inputs[input++] : value(ops[i], left[i], right[i], values);
        }
        return t.call(ops, left, right, values);
    }

    private static Object usedAgain(Trial t) {
        for (String op : new String[] {"+", "-", "*"}) {
            t.see("left of " + op, record(t, "x x " + op + "01 *20", 3, 4));
            t.see("right of " + op, record(t, "x x " + op + "01 *21", 3, 5));
        }
        t.see("tanh", record(t, "x t0 *10", 0.5));
        return null;
    }

    private static Object random(Trial t) {
        Rng rng = t.next();
        int n = 40;
        char[] ops = new char[n];
        int[] left = new int[n];
        int[] right = new int[n];
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            ops[i] = i < 5 ? 'x' : "+-*tt".charAt(rng.index(10L * i, 5));
            boolean leaf = ops[i] == 'x';
            left[i] = leaf ? -1 : i - 1 - rng.index(10L * i + 1, Math.min(i, 6));
            right[i] = leaf || ops[i] == 't' ? -1 : i - 1 - rng.index(10L * i + 2, Math.min(i, 9));
            values[i] = leaf ? rng.gaussian(10L * i + 3) : value(ops[i], left[i], right[i], values);
            if (!leaf && Math.abs(values[i]) > 2) {
                ops[i] = 't';
                right[i] = -1;
                values[i] = Math.tanh(values[left[i]]);
            }
        }
        return t.call(ops, left, right, values);
    }

    private static double value(char op, int left, int right, double[] values) {
        return switch (op) {
            case '+' -> values[left] + values[right];
            case '-' -> values[left] - values[right];
            case '*' -> values[left] * values[right];
            default -> Math.tanh(values[left]);
        };
    }
}
