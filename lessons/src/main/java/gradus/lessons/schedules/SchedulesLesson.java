package gradus.lessons.schedules;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.random.Rng;
import gradus.train.schedule.ConstantSchedule;
import gradus.train.schedule.CosineSchedule;
import gradus.train.schedule.Decay;
import gradus.train.schedule.Schedule;
import gradus.train.schedule.ScheduleConfig;
import gradus.train.schedule.WarmupStableDecay;
import java.util.Locale;
import java.util.stream.IntStream;

/// Three schedules, at their end points and on a noisy slope.
public final class SchedulesLesson {
    private static final int STEPS = 200;
    private static final ScheduleConfig CONFIG = new ScheduleConfig(0.1, 0, 20);

    private SchedulesLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Learning-rate schedules",
                SchedulesLesson.class,
                WarmupCosineExercise.exercise(),
                StableDecayExercise.exercise(),
                SkippedRatesExercise.exercise());
    }

    public static void main(String[] arguments) {
        Schedule constant = new ConstantSchedule(CONFIG);
        Schedule cosine = new CosineSchedule(CONFIG, STEPS);
        Schedule stable = new WarmupStableDecay(CONFIG, STEPS, Decay.ONE_MINUS_SQRT);
        System.out.println("step           0      19      20     110     160     180     199     200");
        rates("cosine", cosine);
        rates("plateau", stable);
        LinePlot plot = LinePlot.of("rate against step", "step", "rate");
        plot.line("constant", curve(constant));
        plot.line("cosine", curve(cosine));
        plot.line("plateau and fall", curve(stable)).save("schedules-rates");
        System.out.println("mean loss of 400 noisy descents after 200 steps:");
        noisy("constant", constant);
        noisy("cosine", cosine);
        noisy("plateau", stable);
    }

    private static void rates(String name, Schedule schedule) {
        StringBuilder line = new StringBuilder(String.format("%-8s", name));
        for (int step : new int[] {0, 19, 20, 110, 160, 180, 199, 200}) {
            line.append(String.format(Locale.ROOT, "%8.5f", schedule.lrAt(step)));
        }
        System.out.println(line);
    }

    private static double[] curve(Schedule schedule) {
        return IntStream.rangeClosed(0, STEPS).mapToDouble(schedule::lrAt).toArray();
    }

    /// SGD on `½·(x² + 0.05·y²)` from (5, 5), with gradients that are off by a random number.
    private static void noisy(String name, Schedule schedule) {
        double sum = 0;
        for (int run = 0; run < 400; run++) {
            Rng noise = Rng.of(run);
            double x = 5;
            double y = 5;
            for (int step = 0; step < STEPS; step++) {
                double rate = 5 * schedule.lrAt(step);
                x -= rate * (x + noise.gaussian(2L * step));
                y -= rate * (0.05 * y + noise.gaussian(2L * step + 1));
            }
            sum += 0.5 * (x * x + 0.05 * y * y);
        }
        System.out.printf(Locale.ROOT, "%-8s %.3f%n", name, sum / 400);
    }
}
