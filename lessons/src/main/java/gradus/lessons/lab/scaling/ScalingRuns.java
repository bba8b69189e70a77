package gradus.lessons.lab.scaling;

import gradus.lessons.lab.fit.Measured;
import gradus.lessons.lab.material.GptSize;
import gradus.lessons.lab.material.HeldOutText;
import gradus.lessons.lab.material.Material;
import java.util.List;
import java.util.stream.LongStream;

/// The runs of the experiment: each is trained once for each seed, or read where it was trained before.
///
/// @param plan     which runs there are
/// @param text     what they learn
/// @param material where they are kept
record ScalingRuns(ScalingPlan plan, HeldOutText text, Material material) {

    /// The mean loss over the seeds.
    Measured of(TextRun run) {
        double loss = LongStream.rangeClosed(1, plan.seeds())
                .mapToDouble(seed -> material.measured(run, seed).path("loss").asDouble())
                .average()
                .orElseThrow();
        return new Measured(run.size().parameters(), run.tokens(), loss);
    }

    /// Those of each budget, from the smallest.
    List<List<Measured>> budgets() {
        return plan.computes().stream().map(this::budget).toList();
    }

    private List<Measured> budget(double operations) {
        return plan.runs(operations, text).stream().map(this::of).toList();
    }

    /// All sizes with equal tokens.
    List<Measured> line() {
        return plan.line().stream()
                .map(size -> of(TextRun.ofTokens(size, plan.lineTokens(), plan.setting(), text)))
                .toList();
    }

    /// A run of a size and operations.
    Measured of(GptSize size, double operations) {
        return of(TextRun.ofOperations(size, operations, plan.setting(), text));
    }
}
