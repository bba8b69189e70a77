package gradus.lessons.lab.align;

import java.util.ArrayList;
import java.util.List;

/// Lifts a half-trained model by reinforcement, and says how far and how fast: `LiftVerifiable addition grpo
/// 1`.
public final class LiftVerifiable {
    private LiftVerifiable() {}

    /// @param args the recipe (addition, sorting), the method (grpo, dr_grpo, dapo, rloo, ppo, expert), the
    ///     first seed,
    ///             and how many seeds; all may be left out
    public static void main(String[] args) {
        Recipe recipe = Recipe.of(args.length > 0 ? args[0] : "addition");
        String method = args.length > 1 ? args[1] : "grpo";
        long first = args.length > 2 ? Long.parseLong(args[2]) : 1;
        int seeds = args.length > 3 ? Integer.parseInt(args[3]) : 1;
        List<String> lines = new ArrayList<>();
        for (long seed = first; seed < first + seeds; seed++) {
            VerifiableTrial trial = new VerifiableTrial(recipe, seed, System.out::println);
            long start = System.nanoTime();
            int supervised = trial.supervise();
            long begun = System.nanoTime();
            VerifiableTrial.Measured before = trial.measure();
            System.out.println("before: " + before);
            long middle = System.nanoTime();
            int steps = trial.reinforce(method);
            long end = System.nanoTime();
            VerifiableTrial.Measured after = trial.measure();
            lines.add("%s %s seed %s, %s parameters: %s examples' steps in %s s, %s; %s steps in %s s, %s"
                    .formatted(
                            recipe.task(),
                            method,
                            seed,
                            trial.parameters(),
                            supervised,
                            seconds(start, begun),
                            before,
                            steps,
                            seconds(middle, end),
                            after));
            System.out.println(lines.getLast());
        }
        System.out.println(String.join("\n", lines));
    }

    private static double seconds(long from, long to) {
        return Math.round((to - from) * 1e-8) / 10.0;
    }
}
