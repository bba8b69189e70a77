package gradus.lessons.schedules;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.train.schedule.ScheduleConfig;
import java.util.stream.IntStream;

final class StableDecayExercise {
    private StableDecayExercise() {}

    static Exercise exercise() {
        return Exercise.of(StableDecay.class, "Warm-up, a plateau and a fall")
                .forbid("lrAt")
                .tolerance(1e-9)
                .probe(
                        "on the plateau",
                        "the fall begins at ⌈20·4/5⌉ = 16: step 10 has the whole rate",
                        t -> t.call(10, 20, new ScheduleConfig(1, 0, 3)))
                .probe(
                        "the last fifth",
                        "step 16 has 1; step 17 has 1 - √(1/4) = 0.5, step 18 1 - √(2/4) = 0.29289; step 20 has 0",
                        t -> all(t, 15, 22, 20, new ScheduleConfig(1, 0, 3)))
                .probe(
                        "a number of steps that 5 does not divide",
                        "⌈23·4/5⌉ = ⌈18.4⌉ = 19: step 19 still has the whole rate, step 20 has 1 - √(1/4) of the way",
                        t -> all(t, 17, 25, 23, new ScheduleConfig(1, 0.2, 3)))
                .probe(
                        "the warm-up",
                        "1/4, 2/4, 3/4, then 1 at step w = 3",
                        t -> all(t, 0, 4, 20, new ScheduleConfig(1, 0.1, 3)))
                .probe(
                        "a warm-up longer than four fifths",
                        "the fall begins where the warm-up ends, at step 9",
                        t -> all(t, 7, 11, 10, new ScheduleConfig(2, 0.5, 9)))
                .probe(
                        "two steps in all",
                        "f = ⌈1.6⌉ = 2 = n: 1, 1, then min",
                        t -> all(t, 0, 3, 2, new ScheduleConfig(1, 0.1, 0)))
                .probe("every step", "", t -> all(t, 0, 45, 41, new ScheduleConfig(3e-3, 2e-4, 7)))
                .probe("no warm-up, every step", "", t -> all(t, 0, 40, 36, new ScheduleConfig(0.5, 0, 0)))
                .bug("The fall is a line, not 1 - √x", "1 - Math.sqrt(x)", "1 - x")
                .bug("The root stands over 1 - x, which falls slowly at first", "1 - Math.sqrt(x)", "Math.sqrt(1 - x)")
                .bug(
                        "The first step of the fall is rounded down, and it begins one step early",
                        "(4 * steps + 4) / 5",
                        "4 * steps / 5")
                .bug("The fall has one step less than a fifth", "(4 * steps + 4) / 5", "(4 * steps + 4) / 5 + 1")
                .bug(
                        "The rate falls already from the end of the warm-up: there is no plateau",
                        "Math.max(config.warmup(), (4 * steps + 4) / 5)",
                        "config.warmup()")
                .bug("A fifth of the steps is a plateau and four fifths fall", "(4 * steps + 4) / 5", "(steps + 4) / 5")
                .bug(
                        "A long warm-up is not waited for, and the fall begins below lr",
                        "Math.max(config.warmup(), (4 * steps + 4) / 5)",
                        "(4 * steps + 4) / 5")
                .bug(
                        "The rate reaches min one step early",
                        "(double) (step - fall) / (steps - fall)",
                        "(double) (step - fall) / Math.max(1, steps - 1 - fall)")
                .bug(
                        "x counts from the first step of training",
                        "(double) (step - fall) / (steps - fall)",
                        "(double) step / steps")
                .bug(
                        "The rate falls to 0, not to min",
                        "config.minLr() + (1 - Math.sqrt(x)) * (config.lr() - config.minLr())",
                        "(1 - Math.sqrt(x)) * config.lr()")
                .bug(
                        "The warm-up starts at 0",
                        "config.lr() * (step + 1) / (config.warmup() + 1)",
                        "config.lr() * step / config.warmup()")
                .bug(
                        "The warm-up reaches lr one step early",
                        "config.lr() * (step + 1) / (config.warmup() + 1)",
                        "config.lr() * (step + 1) / config.warmup()")
                .variant("with Math.ceil and one formula for all that is left", """
                        int w = config.warmup();
                        double fall = Math.max(w, Math.ceil(steps * 4 / 5.0));
                        if (step < Math.min(w, steps)) {
                            return config.lr() * ((step + 1.0) / (w + 1.0));
                        }
                        double x = step >= steps ? 1 : Math.max(0, (step - fall) / Math.max(1, steps - fall));
                        double root = Math.sqrt(x);
                        return root * config.minLr() + (1 - root) * config.lr();
                        """)
                .variant("counting the fall's steps", """
                        int falling = Math.min(steps / 5, steps - config.warmup());
                        int left = steps - step;
                        if (left <= 0) {
                            return config.minLr();
                        }
                        double rise = Math.min(1, (step + 1.0) / (config.warmup() + 1.0));
                        if (left >= falling) {
                            return config.lr() * rise;
                        }
                        return config.lr() - Math.sqrt(1 - (double) left / falling) * (config.lr() - config.minLr());
                        """)
                .hints(
                        "Four stretches of steps: which rate stands at each of the three borders?",
                        "For whole numbers, ⌈4n/5⌉ is (4 * n + 4) / 5. In the fall, x is 0 at step f and 1 at step n.",
                        "After the cases t ≥ n, t < w and t < f: min + (1 - Math.sqrt(x)) * (lr - min).")
                .reading("The section \"A plateau and a fall\" of this lesson");
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
