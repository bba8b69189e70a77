package gradus.lessons.sickruns;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Trains the same small model thirteen times, twelve times with something wrong, and reads the curves.
public final class SickRunsLesson {
    private static final long SEED = 4;

    private SickRunsLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Reading a loss curve",
                SickRunsLesson.class,
                SmoothedLossExercise.exercise(),
                LossSpikesExercise.exercise(),
                ValidationGapExercise.exercise());
    }

    public static void main(String[] arguments) {
        try {
            Path file = Files.createTempFile("metrics", ".jsonl");
            SickRun.write(Optional.empty(), Plan.small(SEED), file);
            healthy(file);
            Map<Sickness, Curves> sick = new EnumMap<>(Sickness.class);
            for (Sickness each : Sickness.values()) {
                SickRun.write(Optional.of(each), Plan.small(SEED), file);
                sick.put(each, row(each.name(), file));
            }
            pictures(sick);
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void healthy(Path file) {
        Curves run = Curves.read(file);
        double[] steps = steps(run.steps());
        LinePlot.of("a healthy run", "step", "loss")
                .line("each batch", steps, run.loss())
                .line("smoothed", steps, SmoothedLoss.smoothed(run.loss(), 0.9))
                .line("validation", run.evaluatedAt(), run.validation())
                .save("sick-runs-healthy");
        System.out.printf(
                Locale.ROOT,
                "an untrained model of %s tokens: ln %s = %.1f%n",
                Words.vocabularySize(),
                Words.vocabularySize(),
                Math.log(Words.vocabularySize()));
        System.out.printf(Locale.ROOT, "%-20s%6s%6s%12s  %s%n", "run", "first", "last", "validation", "diagnosis");
        row("healthy", file);
    }

    private static Curves row(String name, Path file) {
        Curves run = Curves.read(file);
        String diagnosis = Diagnosis.of(file).sickness().map(Sickness::meaning).orElse("nothing is wrong");
        System.out.printf(
                Locale.ROOT,
                "%-20s%6.1f%6.1f%12.1f  %s%n",
                name.toLowerCase(Locale.ROOT).replace('_', ' '),
                run.first(),
                run.last(),
                run.lastValidation(),
                diagnosis);
        return run;
    }

    private static double[] steps(int count) {
        double[] steps = new double[count];
        for (int i = 0; i < count; i++) {
            steps[i] = i + 1;
        }
        return steps;
    }

    private static void pictures(Map<Sickness, Curves> sick) {
        losses(
                "the optimiser's sicknesses",
                sick,
                "sick-runs-optimiser",
                List.of(
                        Sickness.RATE_TOO_HIGH,
                        Sickness.NO_WARMUP,
                        Sickness.RATE_TOO_SMALL,
                        Sickness.SCHEDULE_TOO_SHORT,
                        Sickness.DECAY_TOO_HIGH));
        losses(
                "the data's sicknesses",
                sick,
                "sick-runs-data",
                List.of(Sickness.UNSHUFFLED, Sickness.BROKEN_BATCHES, Sickness.LEAKING_MASK, Sickness.NOT_SHIFTED));
        Curves overfitting = sick.get(Sickness.OVERFITTING);
        LinePlot.of("too little data", "step", "loss")
                .line("training", steps(overfitting.steps()), overfitting.loss())
                .line("validation", overfitting.evaluatedAt(), overfitting.validation())
                .save("sick-runs-overfitting");
        Curves hoarding = sick.get(Sickness.NO_ZERO_GRAD);
        LinePlot.of("gradients never cleared", "step", "norm of the gradient")
                .line("no zero grad", steps(hoarding.steps()), hoarding.norm())
                .line(
                        "unshuffled",
                        steps(hoarding.steps()),
                        sick.get(Sickness.UNSHUFFLED).norm())
                .save("sick-runs-gradient");
    }

    private static void losses(String title, Map<Sickness, Curves> sick, String name, List<Sickness> shown) {
        LinePlot plot = LinePlot.of(title, "step", "loss");
        for (Sickness each : new ArrayList<>(shown)) {
            Curves run = sick.get(each);
            plot.line(each.name().toLowerCase(Locale.ROOT).replace('_', ' '), steps(run.steps()), run.loss());
        }
        plot.save(name);
    }
}
