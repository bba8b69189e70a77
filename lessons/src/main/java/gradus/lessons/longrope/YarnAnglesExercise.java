package gradus.lessons.longrope;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;

final class YarnAnglesExercise {
    private YarnAnglesExercise() {}

    static Exercise exercise() {
        return Exercise.of(YarnAngles.class, "YaRN's ramp")
                .tolerance(1e-9)
                .forbid("powers")
                .probe(
                        "no stretch",
                        "s = 1: the plain angles, 1 and 0.01",
                        t -> Angles.see(t.call(4, 10_000.0, 1.0, 1024), t))
                .probe(
                        "eight pairs, L = 1024",
                        "D/(2·ln base) = 16/18.42 = 0.8686. index(32) = 0.8686·ln(1024/201.06) = 1.41, so low = 1;"
                                + " index(1) = 0.8686·ln(1024/6.283) = 4.42, so high = 5. Pairs 0 and 1 keep"
                                + " theirs, 5 to 7"
                                + " are a quarter; pair 3 has the ramp 2/4: 0.5·θ/4 + 0.5·θ",
                        t -> Angles.see(t.call(16, 10_000.0, 4.0, 1024), t))
                .probe(
                        "a short trained length",
                        "L = 64: index(32) is negative, so low = 0",
                        t -> Angles.see(t.call(16, 10_000.0, 8.0, 64), t))
                .probe(
                        "a small base",
                        "base 10, L = 730: index(32) = 4.5, so low = 4; index(1) = 16.5 would give 17, so high ="
                                + " D - 1 ="
                                + " 15; pair 7 has the ramp 3/11",
                        t -> Angles.see(t.call(16, 10.0, 4.0, 730), t))
                .probe(
                        "the last pair within the ramp",
                        "base 50, L = 2000: low = 3 and high = 9, and there are only pairs up to 5",
                        t -> Angles.see(t.call(12, 50.0, 3.0, 2000), t))
                .probe("a large head", "", t -> Angles.see(t.call(64, 500_000.0, 16.0, 8192), t))
                .probe("another", "", t -> Angles.see(t.call(34, 10_000.0, 2.5, 4096), t))
                .bug(
                        "The ramp is reversed: fast pairs are interpolated, and slow ones stay",
                        "ramp * plain / scale + (1 - ramp) * plain",
                        "(1 - ramp) * plain / scale + ramp * plain")
                .bug("Interpolation multiplies by s, and should divide", "ramp * plain / scale", "ramp * plain * scale")
                .bug(
                        "The ramp is not clipped at its end: slow pairs turn too slowly or backwards",
                        "Math.clamp((i - low) / (high - low), 0, 1)",
                        "Math.max((i - low) / (high - low), 0)")
                .bug(
                        "The ramp is not clipped at its beginning: fast pairs turn too fast",
                        "Math.clamp((i - low) / (high - low), 0, 1)",
                        "Math.min((i - low) / (high - low), 1)")
                .bug(Bug.of("The ends of the ramp are not rounded outwards")
                        .replacing("Math.floor(perTurns", "(perTurns")
                        .replacing("Math.ceil(perTurns", "(perTurns"))
                .bug(Bug.of("The ends of the ramp are rounded inwards, and should be outwards")
                        .replacing("Math.floor(perTurns", "Math.ceil(perTurns")
                        .replacing("high = Math.min(Math.ceil(perTurns", "high = Math.min(Math.floor(perTurns"))
                .bug(
                        "The ramp's beginning is not held at 0 for short trained lengths",
                        "Math.max(Math.floor(perTurns * Math.log(trained / (2 * Math.PI * 32))), 0)",
                        "Math.floor(perTurns * Math.log(trained / (2 * Math.PI * 32)))")
                .bug(
                        "The ramp's end is held at the last pair, D/2 - 1, and should be at D - 1",
                        "headDim - 1)",
                        "headDim / 2 - 1)")
                .bug(Bug.of("The turns are counted without 2π: as if a turn were one radian")
                        .replacing("trained / (2 * Math.PI * 32)", "trained / 32.0")
                        .replacing("trained / (2 * Math.PI))", "(double) trained)"))
                .bug(
                        "The index has the factor D/ln base, twice what it should be",
                        "headDim / (2 * Math.log(base))",
                        "headDim / Math.log(base)")
                .bug(
                        "The ramp rises in one step: pairs between are not mixed",
                        "(i - low) / (high - low)",
                        "Math.floor((i - low) / (high - low))")
                .bug(
                        "All pairs are interpolated: that is position interpolation",
                        "ramp * plain / scale + (1 - ramp) * plain",
                        "plain / scale")
                .bug(
                        "The ramp mixes wavelengths, and should mix angles",
                        "ramp * plain / scale + (1 - ramp) * plain",
                        "plain / (ramp * scale + (1 - ramp))")
                .variant("by the pair's three cases", """
                        double[] angles = new double[headDim / 2];
                        int low = (int) Math.max(0, Math.floor(
                                headDim * (Math.log(trained) - Math.log(64 * Math.PI)) / Math.log(base) / 2));
                        int high = (int) Math.min(headDim - 1, Math.ceil(
                                headDim * (Math.log(trained) - Math.log(2 * Math.PI)) / Math.log(base) / 2));
                        for (int i = 0; i < headDim / 2; i++) {
                            double factor;
                            if (i <= low) {
                                factor = 1;
                            } else if (i >= high) {
                                factor = 1 / scale;
                            } else {
                                factor = 1 - (double) (i - low) / (high - low) * (1 - 1 / scale);
                            }
                            angles[i] = factor * Math.exp(-Math.log(base) * 2 * i / headDim);
                        }
                        return angles;
                        """)
                .variant("kept part first", """
                        double[] bounds = new double[2];
                        double[] turns = {32, 1};
                        for (int e = 0; e < 2; e++) {
                            bounds[e] = headDim * Math.log(trained / (turns[e] * 2 * Math.PI)) / (2 * Math.log(base));
                        }
                        bounds[0] = Math.max(Math.floor(bounds[0]), 0);
                        bounds[1] = Math.min(Math.ceil(bounds[1]), headDim - 1);
                        double[] result = new double[headDim / 2];
                        for (int i = result.length - 1; i >= 0; i--) {
                            double kept = Math.min(1, Math.max(0, (bounds[1] - i) / (bounds[1] - bounds[0])));
                            double plain = 1 / Math.pow(base, 2.0 * i / headDim);
                            result[i] = plain * kept + plain * (1 - kept) / scale;
                        }
                        return result;
                        """)
                .hints(
                        "For which pairs is the ramp 0, for which 1? Compute low and high for D = 16 by hand first.",
                        "low = max(⌊index(32)⌋, 0) and high = min(⌈index(1)⌉, D - 1) do not depend on i: compute them"
                                + " before the loop.",
                        "ramp = Math.clamp((i - low) / (high - low), 0, 1) with doubles for low and high; the"
                                + " angle is ramp *"
                                + " plain / scale + (1 - ramp) * plain.")
                .reading("The section \"Each pair its own way\" of this lesson; Peng et al. 2023, 3.2");
    }
}
