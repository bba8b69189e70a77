package gradus.lessons.lab.scaling;

import static gradus.error.ConfigException.require;

import gradus.lessons.lab.material.GptSize;
import gradus.lessons.lab.material.HeldOutText;
import gradus.lessons.lab.scaling.TextRun.Setting;
import gradus.train.optimizer.OptimizerKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Which sizes are trained with how many operations.
///
/// @param compute the largest budget, in operations
/// @param budgets how many there are, each half of the next
/// @param seeds   of each run
/// @param setting of all runs
/// @param heldOut characters to measure with
record ScalingPlan(double compute, int budgets, int seeds, Setting setting, int heldOut) {
    /// Channels of the sizes, in steps of about √2: about twice the weights each.
    private static final List<Integer> LADDER = List.of(4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256);

    private static final int AROUND = 2; // sizes on both sides of the middle one
    private static final double RATIO = 60; // tokens a weight of the middle size
    private static final double OPERATIONS = 6;
    /// By how much the run that is predicted is larger than the largest budget.
    static final double BEYOND = 8;
    /// By how much compute grows where it is asked what to grow.
    static final int GROWTH = 8;

    private static final int STEPS_OF_GROWTH = 3; // 2³ = 8
    private static final double LEAST = 1e8;
    private static final double MOST = 1e14;

    /// @throws gradus.error.ConfigException if a number is out of range
    ScalingPlan {
        require(compute >= LEAST && compute <= MOST, "the compute must be 1e8 to 1e14 operations; got %s", compute);
        require(
                budgets > STEPS_OF_GROWTH && compute / Math.pow(2, budgets - 1.0) >= LEAST / 10,
                "the budgets must be at least 4, and the smallest at least 1e7 operations; got %s, the largest %s",
                budgets,
                compute);
        require(seeds >= 1, "there must be at least 1 seed; got %s", seeds);
    }

    /// With Muon at one rate for all sizes: its steps are of the same size for every width.
    static ScalingPlan of(double compute, int budgets, int seeds, int heldOut) {
        return new ScalingPlan(compute, budgets, seeds, new Setting(64, 8, OptimizerKind.MUON, 2e-2), heldOut);
    }

    /// The budgets in operations, ascending.
    List<Double> computes() {
        return IntStream.range(0, budgets)
                .mapToObj(i -> compute / Math.pow(2, budgets - 1.0 - i))
                .toList();
    }

    /// The sizes for a budget: five, around the one that sees 60 tokens a weight.
    List<GptSize> sizes(double operations) {
        double middle = Math.sqrt(operations / OPERATIONS / RATIO);
        int at = Math.clamp(nearest(middle), AROUND, LADDER.size() - 1 - AROUND);
        return LADDER.subList(at - AROUND, at + AROUND + 1).stream()
                .map(GptSize::ofDim)
                .toList();
    }

    /// The size whose weights are nearest in their logarithm.
    static GptSize size(double parameters) {
        return GptSize.ofDim(LADDER.get(nearest(parameters)));
    }

    private static int nearest(double parameters) {
        int best = 0;
        for (int i = 1; i < LADDER.size(); i++) {
            best = distance(i, parameters) < distance(best, parameters) ? i : best;
        }
        return best;
    }

    private static double distance(int i, double parameters) {
        return Math.abs(Math.log(GptSize.ofDim(LADDER.get(i)).parameters() / parameters));
    }

    /// All sizes of all budgets, for equal tokens.
    List<GptSize> line() {
        return computes().stream()
                .flatMap(each -> sizes(each).stream())
                .distinct()
                .sorted((a, b) -> Integer.compare(a.dim(), b.dim()))
                .toList();
    }

    /// How many tokens those see: as the middle size of the largest budget.
    double lineTokens() {
        return Math.sqrt(RATIO * compute / OPERATIONS);
    }

    /// The runs of a budget.
    List<TextRun> runs(double operations, HeldOutText text) {
        List<TextRun> runs = new ArrayList<>();
        sizes(operations).forEach(size -> runs.add(TextRun.ofOperations(size, operations, setting, text)));
        return runs;
    }
}
