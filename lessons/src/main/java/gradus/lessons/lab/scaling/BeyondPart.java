package gradus.lessons.lab.scaling;

import gradus.lessons.lab.fit.LossFit;
import gradus.lessons.lab.fit.Measured;
import gradus.lessons.lab.fit.PowerLaw;
import gradus.lessons.lab.fit.Range;
import gradus.lessons.lab.material.GptSize;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.option.LabFolder;
import gradus.lessons.lab.scaling.ComputePart.Best;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// A run of eight times the largest budget is foretold, and then trained.
///
/// @param runs trains it
/// @param best what is best for the smaller budgets
/// @param all  the smaller runs
/// @param fit  of these
record BeyondPart(ScalingRuns runs, List<Best> best, List<Measured> all, LossFit fit) {
    private static final double CRITERION = 0.02;
    /// Before anything is measured.
    static final String PREDICTION = """
            The lowest losses of the budgets follow `L = (C_c/C)^α_C` (Kaplan et al. 2020: α_C = 0.05), and the sizes at \
            which they lie a power of C too. Both lines are prolonged to eight times the largest budget; the model that is \
            trained there should have the foretold loss within 2 %. The law of sizes and tokens foretells it as well. For \
            comparison: the lowest loss of all runs so far, which is what one would say who knows nothing of scaling.""";

    private double[] operations() {
        return best.stream().mapToDouble(Best::operations).toArray();
    }

    Section section(LabFolder folder, Consumer<String> say) {
        PowerLaw losses =
                PowerLaw.of(operations(), best.stream().mapToDouble(Best::loss).toArray());
        PowerLaw sizes = PowerLaw.of(
                operations(), best.stream().mapToDouble(Best::parameters).toArray());
        double operations = runs.plan().compute() * ScalingPlan.BEYOND;
        TextRun run = TextRun.ofOperations(
                GptSize.near(sizes.at(operations)), operations, runs.plan().setting(), runs.text());
        Range byCompute = losses.foretold(run.operations());
        Range byLaw = fit.range(law -> law.loss(run.size().parameters(), run.tokens()));
        double lowest = all.stream().mapToDouble(Measured::loss).min().orElseThrow();
        String prediction = String.format(
                Locale.ROOT,
                "N = %,d, %,d tokens, %.2e operations: %s is foretold by compute, %s by size and tokens",
                run.size().parameters(),
                run.tokens(),
                run.operations(),
                byCompute.shown(4),
                byLaw.shown(4));
        folder.write("prediction.txt", prediction + "\n");
        say.accept(prediction);
        Measured measured = runs.of(run);
        plot(folder, losses, measured);
        Range exponent = losses.exponent();
        return new Section("A larger run, foretold", PREDICTION)
                .add(String.format(
                        Locale.ROOT,
                        """
                        α_C = %s. %s. Measured: %.4f. The largest run so far, one of those with equal tokens, had %.2e \
                        operations.

                        | foretold by | loss | error |
                        |---|---|---|
                        | the line of compute | %s | %+.2f %% |
                        | the law of size and tokens | %s | %+.2f %% |
                        | the lowest loss so far | %.4f | %+.2f %% |""",
                        new Range(-exponent.high(), -exponent.value(), -exponent.low()).shown(3),
                        prediction,
                        measured.loss(),
                        all.stream().mapToDouble(Measured::operations).max().orElseThrow(),
                        byCompute.shown(4),
                        100 * error(byCompute.value(), measured),
                        byLaw.shown(4),
                        100 * error(byLaw.value(), measured),
                        lowest,
                        100 * error(lowest, measured)))
                .claim(
                        "The line of compute foretells the larger run within 2 %",
                        shown(byCompute, measured), holds(byCompute, measured))
                .claim(
                        "The law of size and tokens foretells it within 2 %",
                        shown(byLaw, measured), holds(byLaw, measured));
    }

    private static double error(double foretold, Measured measured) {
        return foretold / measured.loss() - 1;
    }

    private static String shown(Range foretold, Measured measured) {
        return String.format(Locale.ROOT, "%+.2f %% (one run)", 100 * error(foretold.value(), measured));
    }

    private static boolean holds(Range foretold, Measured measured) {
        return Math.abs(error(foretold.value(), measured)) < CRITERION;
    }

    private void plot(LabFolder folder, PowerLaw losses, Measured beyond) {
        double[] operations = Arrays.copyOf(operations(), best.size() + 1);
        operations[best.size()] = beyond.operations();
        new LabPlot(new Labels("Loss by compute", "operations", "loss, nats a token"))
                .logarithmicX()
                .logarithmicY()
                .points("runs", of(all, true), of(all, false))
                .points("the larger run", of(List.of(beyond), true), of(List.of(beyond), false))
                .line(
                        "the line of compute",
                        operations,
                        Arrays.stream(operations).map(losses::at).toArray())
                .write(folder.path().resolve("compute.png"));
    }

    private static double[] of(List<Measured> runs, boolean operations) {
        return runs.stream()
                .mapToDouble(run -> operations ? run.operations() : run.loss())
                .toArray();
    }
}
