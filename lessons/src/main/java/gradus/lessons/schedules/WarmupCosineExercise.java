package gradus.lessons.schedules;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.train.schedule.ScheduleConfig;
import java.util.stream.IntStream;

final class WarmupCosineExercise {
    private WarmupCosineExercise() {}

    static Exercise exercise() {
        return Exercise.of(WarmupCosine.class, "Warm-up and cosine")
                .forbid("lrAt")
                .tolerance(1e-9)
                .probe(
                        "the first step",
                        "t = 0, w = 4: 1·(0 + 1)/(4 + 1) = 0.2, and not 0",
                        t -> t.call(0, 10, new ScheduleConfig(1, 0.1, 4)))
                .probe(
                        "the last step of the warm-up",
                        "t = 3, w = 4: (3 + 1)/(4 + 1) = 0.8; the whole rate comes at step 4",
                        t -> all(t, 3, 4, 10, new ScheduleConfig(1, 0.1, 4)))
                .probe(
                        "half-way down",
                        "(7 - 4)/(10 - 4) = 1/2 and cos(π/2) = 0: 0.1 + ½·0.9 = 0.55",
                        t -> t.call(7, 10, new ScheduleConfig(1, 0.1, 4)))
                .probe(
                        "the last step, and after it",
                        "step 9 is not at the end: done = 5/6, 0.1 + ½·(1 - 0.86603)·0.9 = 0.16029; step 10 has 0.1",
                        t -> all(t, 9, 12, 10, new ScheduleConfig(1, 0.1, 4)))
                .probe(
                        "no warm-up",
                        "the first step has the whole rate",
                        t -> all(t, 0, 6, 5, new ScheduleConfig(0.3, 0, 0)))
                .probe(
                        "long after the end",
                        "min, and not up again",
                        t -> t.call(3000, 70, new ScheduleConfig(2, 0.5, 3)))
                .probe("every step", "", t -> all(t, 0, 40, 37, new ScheduleConfig(6e-4, 5e-5, 11)))
                .bug(
                        "The warm-up starts at 0, so that the first step does nothing",
                        "config.lr() * (step + 1) / (config.warmup() + 1)",
                        "config.lr() * step / config.warmup()")
                .bug(
                        "The warm-up reaches the whole rate one step early",
                        "config.lr() * (step + 1) / (config.warmup() + 1)",
                        "config.lr() * (step + 1) / config.warmup()")
                .bug(
                        "The warm-up divides whole numbers, and is 0 all the way",
                        "config.lr() * (step + 1) / (config.warmup() + 1)",
                        "config.lr() * ((step + 1) / (config.warmup() + 1))")
                .bug(
                        "The warm-up rises from min, not from 0",
                        "return config.lr() * (step + 1) / (config.warmup() + 1);",
                        "return config.minLr() + (config.lr() - config.minLr()) * (step + 1) / (config.warmup() + 1);")
                .bug("The warm-up is left out", "step < config.warmup()", "step < 0")
                .bug(
                        "The cosine reaches its end one step early",
                        "(steps - config.warmup())",
                        "(steps - 1 - config.warmup())")
                .bug(
                        "The cosine reaches its end one step late",
                        "(steps - config.warmup())",
                        "(steps + 1 - config.warmup())")
                .bug(
                        "The cosine counts from the first step, not from the end of the warm-up, and does not start at"
                                + " lr",
                        "(double) (step - config.warmup()) / (steps - config.warmup())",
                        "(double) step / steps")
                .bug(
                        "The cosine is as long as the whole training, and does not reach its end",
                        "(steps - config.warmup())",
                        "steps")
                .bug(
                        "After the last step the cosine goes up again",
                        "Math.min(1, (double) (step - config.warmup()) / (steps - config.warmup()))",
                        "(double) (step - config.warmup()) / (steps - config.warmup())")
                .bug(
                        "The cosine falls to 0, not to min",
                        "config.minLr() + 0.5 * (1 + Math.cos(Math.PI * done)) * (config.lr() - config.minLr())",
                        "0.5 * (1 + Math.cos(Math.PI * done)) * config.lr()")
                .bug(
                        "min is added to the whole cosine, which starts above lr",
                        "(config.lr() - config.minLr())",
                        "config.lr()")
                .bug("A line falls, not a cosine", "0.5 * (1 + Math.cos(Math.PI * done))", "(1 - done)")
                .bug(
                        "A quarter of a cosine falls, not half of one",
                        "0.5 * (1 + Math.cos(Math.PI * done))",
                        "Math.cos(Math.PI / 2 * done)")
                .variant("three cases, and a squared cosine of half the angle", """
                        int w = config.warmup();
                        if (step >= steps) {
                            return config.minLr();
                        }
                        if (step < w) {
                            return config.lr() / (w + 1.0) * (step + 1.0);
                        }
                        double half = Math.cos(Math.PI / 2 * (step - w) / (steps - w));
                        return config.minLr() * (1 - half * half) + config.lr() * half * half;
                        """)
                .variant("around the middle", """
                        if (step < config.warmup()) {
                            return config.lr() - config.lr() * (config.warmup() - step) / (config.warmup() + 1);
                        }
                        int last = Math.min(step, steps);
                        double angle = Math.PI * (last - config.warmup()) / (steps - config.warmup());
                        double middle = (config.lr() + config.minLr()) / 2;
                        return middle + Math.cos(angle) * (config.lr() - middle);
                        """)
                .hints(
                        "What are the rates at step 0, at step w and at step n? Check your line with these three"
                                + " first.",
                        "A part of the way from 0 at step w to 1 at step n, not above 1, goes into the cosine; whole"
                                + " numbers must not be divided as such.",
                        "done = Math.min(1, (double) (step - w) / (n - w)), and the rate is min + ½(1 +"
                                + " cos(π·done))(lr -"
                                + " min).")
                .reading("The section \"Warm-up and cosine\" of this lesson");
    }

    private static Object all(Trial t, int from, int to, int steps, ScheduleConfig config) {
        t.see(
                "rates of the steps " + from + " to " + to,
                IntStream.rangeClosed(from, to)
                        .mapToDouble(step -> (double) t.call(step, steps, config))
                        .toArray());
        return null;
    }
}
