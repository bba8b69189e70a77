package gradus.lessons.lab.align;

import gradus.error.ConfigException;
import gradus.train.rl.verifiable.ReversedAddition;
import gradus.train.rl.verifiable.SortingDigits;
import gradus.train.rl.verifiable.VerifiableTask;

/// How a task is learned, first from examples and then by reinforcement.
///
/// @param task            what is learned
/// @param layers          of the model
/// @param heads           of the model
/// @param dim             of the model
/// @param examples        how many different ones there are
/// @param supervisedLr    learning rate for the examples
/// @param supervisedGoal  the share of right greedy answers at which the examples end
/// @param supervisedEvery steps of examples between measurements
/// @param prompts         of an iteration
/// @param lr              learning rate of reinforcement
/// @param goal            the share of right greedy answers at which reinforcement ends
/// @param iterations      the most iterations
record Recipe(
        VerifiableTask task,
        int layers,
        int heads,
        int dim,
        int examples,
        double supervisedLr,
        double supervisedGoal,
        int supervisedEvery,
        int prompts,
        double lr,
        double goal,
        int iterations) {
    /// Completions of each prompt.
    static final int GROUP = 8;
    /// Examples of a step.
    static final int BATCH = 128;
    /// Held-out problems.
    static final int HELD_OUT = 500;
    /// Iterations between measurements.
    static final int EVERY = 10;
    /// Draws of which pass@k is estimated.
    static final int DRAWS = 8;

    private static final int MANY = 200_000; // far more than are used

    /// Sums of two numbers of three digits, last digit first.
    static Recipe addition() {
        return new Recipe(new ReversedAddition(3), 4, 4, 64, MANY, 2e-3, 0.3, 20, 64, 1e-3, 0.96, 400);
    }

    /// Eight digits to be sorted, from 100 examples: learned by heart, they teach half of what is held out, and
    /// the model is sure of its answers, so that what it draws is often what it finds likeliest.
    static Recipe sorting() {
        return new Recipe(new SortingDigits(8), 4, 4, 64, 100, 2e-3, 0.3, 100, 64, 3e-4, 0.96, 400);
    }

    /// The recipe of that name.
    static Recipe of(String name) {
        return switch (name) {
            case "addition" -> addition();
            case "sorting" -> sorting();
            default -> throw ConfigException.of("there is a recipe for addition and sorting; got %s", name);
        };
    }

    Recipe withLr(double lr) {
        return new Recipe(
                task,
                layers,
                heads,
                dim,
                examples,
                supervisedLr,
                supervisedGoal,
                supervisedEvery,
                prompts,
                lr,
                goal,
                iterations);
    }
}
