package gradus.lessons.adamw;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.train.optimizer.AdamConfig;
import gradus.train.optimizer.Betas;

final class DecoupledAdamExercise {
    private static final AdamConfig PLAIN = new AdamConfig(new Betas(0.9, 0.99), 1e-8, 0);

    private DecoupledAdamExercise() {}

    static Exercise exercise() {
        return Exercise.of(DecoupledAdam.class, "AdamW")
                .tolerance(1e-9)
                .probe(
                        "the first step",
                        "m̂ = g = 0.5 and v̂ = g² = 0.25, so the step is lr·0.5/0.5 = 0.1: 1 → 0.9",
                        t -> run(t, PLAIN, new double[] {1}, new double[][] {{0.5}}, 0.1))
                .probe(
                        "the second step, with a gradient of zero",
                        "m = 0.9·0.05 = 0.045, m̂ = 0.045/0.19; v = 0.99·0.0025 = 0.002475, v̂ = 0.002475/0.0199;"
                                + " the step is 0.1·0.23684/0.35266 = 0.06716",
                        t -> run(t, PLAIN, new double[] {1}, new double[][] {{0.5}, {0}}, 0.1, 0.1))
                .probe(
                        "a gradient as small as ε",
                        "√v̂ = 1e-8 = ε, so the step is lr·1e-8/(1e-8 + 1e-8) = 0.05",
                        t -> run(t, PLAIN, new double[] {0}, new double[][] {{1e-8}}, 0.1))
                .probe(
                        "decay alone",
                        "the gradient is 0, so only the decay acts: 2·(1 - 0.1·0.2) = 1.96",
                        t -> run(t, PLAIN.withWeightDecay(0.2), new double[] {2}, new double[][] {{0}}, 0.1))
                .probe(
                        "decay beside a large gradient",
                        "2·(1 - 0.1·0.2) - 0.1 = 1.86, however large the gradient is",
                        t -> run(t, PLAIN.withWeightDecay(0.2), new double[] {2}, new double[][] {{1000}}, 0.1))
                .probe(
                        "four weights, five steps, rates that change",
                        "",
                        t -> run(
                                t,
                                new AdamConfig(new Betas(0.8, 0.95), 0.01, 0.3),
                                t.normals(4),
                                t.normals(5, 4),
                                0.1,
                                0.2,
                                0.3,
                                0.05,
                                0.01))
                .probe("two optimisers side by side", "each has means and a count of its own", t -> {
                    Object one = t.create(1, PLAIN);
                    Object two = t.create(2, PLAIN.withBeta1(0.5));
                    double[] weight = {1};
                    double[] weights = {1, -1};
                    for (int i = 0; i < 3; i++) {
                        weight = (double[]) t.callOn(one, "step", weight, t.normals(1), 0.1);
                        weights = (double[]) t.callOn(two, "step", weights, t.normals(2), 0.1);
                        t.see("weights of the first after step " + (i + 1), weight);
                        t.see("weights of the second after step " + (i + 1), weights);
                    }
                    return null;
                })
                .bug(Bug.of("The decay goes into the gradient, where it is divided by √v̂ like everything else: that is"
                                + " Adam with L2, not AdamW")
                        .replacing("(1 - config.beta1()) * gradients[i];", "(1 - config.beta1()) * g;")
                        .replacing(
                                "(1 - config.beta2()) * gradients[i] * gradients[i];", "(1 - config.beta2()) * g * g;")
                        .replacing(
                                "m[i] = config",
                                "double g = gradients[i] + config.weightDecay() * weights[i];\nm[i] = config")
                        .replacing("weights[i] * (1 - rate * config.weightDecay())", "weights[i]"))
                .bug(
                        "The steps are counted from 0, so that the first correction divides by 0",
                        "steps++;\n        double[] next = new double[weights.length];",
                        "double[] next = new double[weights.length];\nsteps++;\nint steps = this.steps - 1;")
                .bug(Bug.of("The means are not corrected for their start at 0, and the first steps have a wrong size")
                        .replacing(" / (1 - Math.pow(config.beta1(), steps))", "")
                        .replacing(" / (1 - Math.pow(config.beta2(), steps))", ""))
                .bug(
                        "Only the mean of gradients is corrected for its start at 0, not that of squares",
                        " / (1 - Math.pow(config.beta2(), steps))",
                        "")
                .bug(
                        "Only the mean of squares is corrected for its start at 0, not that of gradients",
                        " / (1 - Math.pow(config.beta1(), steps))",
                        "")
                .bug(Bug.of("The corrected means are kept, so that the next step corrects them once more")
                        .replacing("double mean = m[i] /", "double mean = m[i] = m[i] /")
                        .replacing("double square = v[i] /", "double square = v[i] = v[i] /"))
                .bug(
                        "ε stands inside the root, where it counts as √ε",
                        "(Math.sqrt(square) + config.eps())",
                        "Math.sqrt(square + config.eps())")
                .bug("ε is left out: a gradient of 0 gives 0/0", " + config.eps())", ")")
                .bug("Weight decay is left out", "weights[i] * (1 - rate * config.weightDecay())", "weights[i]")
                .bug(
                        "The decay is not multiplied by the rate",
                        "1 - rate * config.weightDecay()",
                        "1 - config.weightDecay()")
                .bug(Bug.of("The decay shrinks what the step has reached, not what it started from")
                        .replacing("double decayed = weights[i] * (1 - rate * config.weightDecay());", "")
                        .replacing(
                                "next[i] = decayed - rate",
                                "next[i] = (1 - rate * config.weightDecay()) * (weights[i] - rate")
                        .replacing(" + config.eps());", " + config.eps()));"))
                .bug("The step is divided by v̂, not by its root", "Math.sqrt(square)", "square")
                .bug(
                        "The mean of squares takes the gradient's magnitude, not its square",
                        "(1 - config.beta2()) * gradients[i] * gradients[i]",
                        "(1 - config.beta2()) * Math.abs(gradients[i])")
                .variant("the corrections go into the rate and into ε", """
                        steps += 1;
                        double one = 1 - Math.pow(config.beta1(), steps);
                        double two = Math.sqrt(1 - Math.pow(config.beta2(), steps));
                        double[] next = weights.clone();
                        for (int i = 0; i < next.length; i++) {
                            m[i] += (1 - config.beta1()) * (gradients[i] - m[i]);
                            v[i] += (1 - config.beta2()) * (Math.pow(gradients[i], 2) - v[i]);
                            next[i] -= rate * config.weightDecay() * next[i];
                            next[i] -= rate * two / one * m[i] / (Math.sqrt(v[i]) + config.eps() * two);
                        }
                        return next;
                        """)
                .variant("array by array", """
                        steps++;
                        double c1 = 1;
                        double c2 = 1;
                        for (int k = 0; k < steps; k++) {
                            c1 *= config.beta1();
                            c2 *= config.beta2();
                        }
                        double[] moves = new double[m.length];
                        for (int i = 0; i < m.length; i++) {
                            m[i] = m[i] * config.beta1() + gradients[i] - gradients[i] * config.beta1();
                            v[i] = v[i] * config.beta2() + gradients[i] * gradients[i] * (1 - config.beta2());
                            moves[i] = m[i] / (1 - c1) / (Math.sqrt(v[i] / (1 - c2)) + config.eps());
                        }
                        double[] next = new double[m.length];
                        for (int i = 0; i < m.length; i++) {
                            next[i] = weights[i] - rate * (moves[i] + config.weightDecay() * weights[i]);
                        }
                        return next;
                        """)
                .hints(
                        "Which of the numbers belong to one weight, and which to the whole step? And what is t in the"
                                + " very"
                                + " first call?",
                        "Count the step first. m[i] and v[i] stay as the equation says; the corrected m̂ and v̂ are"
                                + " local numbers of this step.",
                        "next = weight·(1 - rate·decay) - rate·m̂/(√v̂ + ε), with ε outside the root.")
                .reading("The sections \"Adam\" and \"Decay beside the step\" of this lesson");
    }

    private static Object run(Trial t, AdamConfig config, double[] start, double[][] gradients, double... rates) {
        Object adam = t.create(start.length, config);
        double[] weights = start;
        for (int i = 0; i < rates.length; i++) {
            weights = (double[]) t.callOn(adam, "step", weights, gradients[i], rates[i]);
            t.see("weights after step " + (i + 1), weights);
        }
        return null;
    }
}
