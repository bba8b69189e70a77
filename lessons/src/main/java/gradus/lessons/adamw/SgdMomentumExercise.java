package gradus.lessons.adamw;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.train.optimizer.SgdConfig;

final class SgdMomentumExercise {
    private static final SgdConfig PLAIN = new SgdConfig(0.5, false, 0);
    private static final SgdConfig NESTEROV = new SgdConfig(0.5, true, 0);

    private SgdMomentumExercise() {}

    static Exercise exercise() {
        return Exercise.of(SgdMomentum.class, "SGD with momentum, Polyak's and Nesterov's")
                .tolerance(1e-9)
                .probe(
                        "one step without momentum",
                        "θ - lr·g = 1 - 0.1·2 = 0.8",
                        t -> run(t, new SgdConfig(0, false, 0), new double[] {1}, new double[][] {{2}}, 0.1))
                .probe(
                        "two steps with momentum 1/2",
                        "b is 2, then 0.5·2 + 2 = 3: the weight goes 1 → 0.8 → 0.5",
                        t -> run(t, PLAIN, new double[] {1}, new double[][] {{2}, {2}}, 0.1, 0.1))
                .probe(
                        "the rate falls",
                        "b does not know of rates: 1 - 0.1·2 = 0.8, then 0.8 - 0.01·3 = 0.77",
                        t -> run(t, PLAIN, new double[] {1}, new double[][] {{2}, {2}}, 0.1, 0.01))
                .probe(
                        "a gradient of zero",
                        "momentum goes on: b is 2, then 1: 1 → 0.8 → 0.7",
                        t -> run(t, PLAIN, new double[] {1}, new double[][] {{2}, {0}}, 0.1, 0.1))
                .probe(
                        "Nesterov's form",
                        "b = 2, the move is 2 + 0.5·2 = 3, so 1 - 0.3 = 0.7; then b = 3, the move 3.5: 0.35",
                        t -> run(t, NESTEROV, new double[] {1}, new double[][] {{2}, {2}}, 0.1, 0.1))
                .probe(
                        "weight decay",
                        "g = 0 + 0.1·2 = 0.2, so 2 - 0.1·0.2 = 1.98; the decay goes into b too",
                        t -> run(
                                t,
                                new SgdConfig(0.5, false, 0.1),
                                new double[] {2},
                                new double[][] {{0}, {0}},
                                0.1,
                                0.1))
                .probe(
                        "five weights, four steps",
                        "",
                        t -> run(t, new SgdConfig(0.9, false, 0.3), t.normals(5), t.normals(4, 5), 0.3, 0.2, 0.1, 0.5))
                .probe(
                        "five weights, four steps of Nesterov's",
                        "",
                        t -> run(t, new SgdConfig(0.8, true, 0.2), t.normals(5), t.normals(4, 5), 0.3, 0.2, 0.1, 0.5))
                .bug(
                        "The gradient is weighted by 1 - μ, as in a mean, and every step is too short",
                        "config.momentum() * velocity[i] + g;",
                        "config.momentum() * velocity[i] + (1 - config.momentum()) * g;")
                .bug(Bug.of("The rate goes into the velocity, so that a step that is taken later moves by an old rate")
                        .replacing("velocity[i] + g;", "velocity[i] + rate * g;")
                        .replacing("? g + config", "? rate * g + config")
                        .replacing("- rate * move", "- move"))
                .bug(
                        "The velocity is not kept from step to step",
                        "velocity[i] = config.momentum() * velocity[i] + g;",
                        "velocity[i] = g;")
                .bug(
                        "Nesterov's form is left out",
                        "config.nesterov() ? g + config.momentum() * velocity[i] : velocity[i]",
                        "velocity[i]")
                .bug(
                        "Nesterov's form adds the whole velocity to the gradient, not μ times it",
                        "g + config.momentum() * velocity[i] :",
                        "g + velocity[i] :")
                .bug("Weight decay is left out", "gradients[i] + config.weightDecay() * weights[i]", "gradients[i]")
                .bug(Bug.of("Weight decay acts on the weight at once and not through the gradient and its momentum")
                        .replacing("gradients[i] + config.weightDecay() * weights[i]", "gradients[i]")
                        .replacing("weights[i] - rate", "weights[i] * (1 - rate * config.weightDecay()) - rate"))
                .bug("The weights go up the gradient", "weights[i] - rate", "weights[i] + rate")
                .variant("velocities first, then weights", """
                        for (int i = 0; i < velocity.length; i++) {
                            velocity[i] *= config.momentum();
                            velocity[i] += gradients[i];
                            velocity[i] += weights[i] * config.weightDecay();
                        }
                        double[] next = weights.clone();
                        for (int i = 0; i < next.length; i++) {
                            if (config.nesterov()) {
                                next[i] -= rate * (gradients[i] + config.weightDecay() * weights[i]);
                                next[i] -= rate * config.momentum() * velocity[i];
                            } else {
                                next[i] -= rate * velocity[i];
                            }
                        }
                        return next;
                        """)
                .variant("a stream over the weights", """
                        double mu = config.momentum();
                        return java.util.stream.IntStream.range(0, weights.length)
                                .mapToDouble(i -> {
                                    double g = weights[i] * config.weightDecay() + gradients[i];
                                    double old = velocity[i];
                                    velocity[i] = g + mu * old;
                                    double move = config.nesterov() ? (1 + mu) * g + mu * mu * old : g + mu * old;
                                    return weights[i] - move * rate;
                                })
                                .toArray();
                        """)
                .hints(
                        "What must be remembered from one step to the next, and for each weight?",
                        "First g with the decay in it, then velocity[i] from the old velocity[i] and g, then the weight"
                                + " from the new velocity[i].",
                        "move = nesterov ? g + momentum * velocity[i] : velocity[i], and the weight loses rate * move.")
                .reading("The section \"Momentum\" of this lesson");
    }

    private static Object run(Trial t, SgdConfig config, double[] start, double[][] gradients, double... rates) {
        Object sgd = t.create(start.length, config);
        double[] weights = start;
        for (int i = 0; i < rates.length; i++) {
            weights = (double[]) t.callOn(sgd, "step", weights, gradients[i], rates[i]);
            t.see("weights after step " + (i + 1), weights);
        }
        return null;
    }
}
