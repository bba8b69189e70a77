package gradus.lessons.lab.scaling;

import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.option.LabFolder;
import gradus.lessons.lab.scaling.fit.LossFit;
import gradus.lessons.lab.scaling.fit.Measured;
import gradus.lessons.lab.scaling.fit.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// A run of four times the largest budget is foretold, and then trained.
///
/// @param runs trains it
/// @param all  the smaller runs
/// @param fit  of these
record BeyondPart(ScalingRuns runs, List<Measured> all, LossFit fit) {
    private static final double CRITERION = 0.02;
    private static final String PREDICTION = """
            The law that was fitted to the small runs tells the loss of a run of four times the largest budget, at the \
            size that the law itself holds to be best, within 2 %. For comparison: the lowest loss of all runs so far, \
            which is what one would say who knows nothing of scaling.""";

    Section section(LabFolder folder, Consumer<String> say) {
        double operations = runs.plan().compute() * ScalingPlan.BEYOND;
        GptSize size = ScalingPlan.size(fit.law().bestParameters(operations));
        TextRun run = TextRun.ofOperations(size, operations, runs.plan().setting(), runs.text());
        Range foretold = fit.range(law -> law.loss(size.parameters(), run.tokens()));
        double lowest = all.stream().mapToDouble(Measured::loss).min().orElseThrow();
        String prediction = String.format(
                Locale.ROOT,
                "N = %,d, %,d tokens, %.2e operations: %s is foretold",
                size.parameters(),
                run.tokens(),
                run.operations(),
                foretold.shown(4));
        folder.write("prediction.txt", prediction + "\n");
        say.accept(prediction);
        Measured measured = runs.of(run);
        plot(folder, measured);
        double error = foretold.value() / measured.loss() - 1;
        return new Section("A larger run, foretold", PREDICTION)
                .add(String.format(
                        Locale.ROOT,
                        """
                        %s. Measured: %.4f.

                        | foretold by | loss | error |
                        |---|---|---|
                        | the fitted law | %s | %+.2f %% |
                        | the lowest loss so far | %.4f | %+.2f %% |""",
                        prediction,
                        measured.loss(),
                        foretold.shown(4),
                        100 * error,
                        lowest,
                        100 * (lowest / measured.loss() - 1)))
                .claim(
                        "The law foretells the larger run within 2 %",
                        String.format(Locale.ROOT, "%+.2f %%", 100 * error), Math.abs(error) < CRITERION);
    }

    private void plot(LabFolder folder, Measured beyond) {
        List<Measured> frontier = new ArrayList<>(ComputePart.frontier(all));
        frontier.add(beyond);
        double[] operations =
                frontier.stream().mapToDouble(Measured::operations).toArray();
        new LabPlot(new Labels("Loss by compute", "operations", "loss, nats a token"))
                .logarithmicX()
                .points("runs", of(all, true), of(all, false))
                .points("the larger run", of(List.of(beyond), true), of(List.of(beyond), false))
                .line(
                        "the law at its best size",
                        operations,
                        Arrays.stream(operations)
                                .map(c -> fit.law()
                                        .loss(
                                                fit.law().bestParameters(c),
                                                fit.law().bestTokens(c)))
                                .toArray())
                .write(folder.path().resolve("compute.png"));
    }

    private static double[] of(List<Measured> runs, boolean operations) {
        return runs.stream()
                .mapToDouble(run -> operations ? run.operations() : run.loss())
                .toArray();
    }
}
