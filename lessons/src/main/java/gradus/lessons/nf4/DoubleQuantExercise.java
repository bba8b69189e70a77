package gradus.lessons.nf4;

import gradus.lessons.learn.exercise.Exercise;

final class DoubleQuantExercise {
    private static final double[] MAP = {-1, -0.5, -0.25, 0, 0.25, 0.5, 1};

    private DoubleQuantExercise() {}

    static Exercise exercise() {
        return Exercise.of(DoubleQuant.class, "Quantising the scales")
                .tolerance(1e-8)
                .probe(
                        "two scales",
                        "their mean is 4; -2 and 2 are left, and divided by 2 both are levels: 2 and 6 come back",
                        t -> t.call(new double[] {2, 6}, 2, MAP))
                .probe(
                        "a level between",
                        "the mean is 5, left are -4, 1, 3, 0; by 4: -1, 0.25, 0.75, 0. The third lies between 0.5 and 1"
                                + " and goes down to 0.5: 1, 6, 0.5·4 + 5 = 7, and 5",
                        t -> t.call(new double[] {1, 6, 8, 5}, 4, MAP))
                .probe(
                        "one is left",
                        "the mean is 3; -1 and 1 are left, and the largest magnitude is 1 already: 2 and 4",
                        t -> t.call(new double[] {2, 4}, 2, MAP))
                .probe(
                        "one scale",
                        "it is the mean; nothing is left, and it comes back",
                        t -> t.call(new double[] {3}, 4, MAP))
                .probe("equal scales", "nothing is left of any", t -> t.call(new double[] {0.5, 0.5, 0.5, 0.5}, 2, MAP))
                .probe(
                        "the mean goes over all blocks",
                        "the mean of 0, 0, 8, 8 is 4: -4, -4 and 4, 4 are left, all of them levels",
                        t -> t.call(new double[] {0, 0, 8, 8}, 2, MAP))
                .probe(
                        "two blocks of unequal size",
                        "the mean is 4; left are -3, 1, 0 and 2: blocks of three, with 3 and with 2",
                        t -> t.call(new double[] {1, 5, 4, 6}, 3, MAP))
                .probe(
                        "the largest magnitude is negative",
                        "the mean is 3; left are -3, 1, 1, 1; 1/3 goes to 0.25: 0 and three times 3.75",
                        t -> t.call(new double[] {0, 4, 4, 4}, 4, MAP))
                .probe("scales far from zero", "", t -> {
                    double[] scales = t.normals(19);
                    for (int i = 0; i < scales.length; i++) {
                        scales[i] = 7 + scales[i] * (1 + i / 5);
                    }
                    return t.call(scales, 5, MAP);
                })
                .probe("small scales", "", t -> {
                    double[] scales = t.normals(40);
                    for (int i = 0; i < scales.length; i++) {
                        scales[i] = 1e-3 * (2 + Math.abs(scales[i]));
                    }
                    return t.call(scales, 16, MAP);
                })
                .bug(
                        "There is no offset: scales are all positive, and half of the levels are never used",
                        "mean += scale / scales.length;",
                        "mean += 0 * scale;")
                .bug("The offset is not added again", "nearest * largest + mean", "nearest * largest")
                .bug(
                        "The offset is the least scale, not the mean",
                        "mean += scale / scales.length;",
                        "mean = java.util.Arrays.stream(scales).min().orElse(scale);")
                .bug(
                        "Each block has a mean of its own: there is one for all scales",
                        "double largest = 0;",
                        "mean = 0; int end = Math.min(from + block, scales.length); for (int j = from; j < end; j++) {"
                                + " mean += scales[j] / (end - from); } double largest = 0;")
                .bug(
                        "The largest magnitude is taken before the mean is taken off",
                        "Math.abs(scales[j] - mean)",
                        "Math.abs(scales[j])")
                .bug(
                        "The largest number is taken instead of the largest magnitude",
                        "Math.abs(scales[j] - mean)",
                        "scales[j] - mean")
                .bug(
                        "There is one block for all scales",
                        "int from = i / block * block;",
                        "int from = 0; block = scales.length;")
                .bug(
                        "Nothing is divided by the largest magnitude",
                        "(scales[i] - mean) / largest",
                        "(scales[i] - mean)")
                .bug(
                        "The level is not multiplied by the largest magnitude again",
                        "nearest * largest + mean",
                        "nearest + mean")
                .bug(
                        "A block of which nothing is left becomes NaN",
                        "nearest * largest + mean",
                        "nearest * largest + mean + 0 * ((scales[i] - mean) / largest)")
                .bug(
                        "A tie goes to the higher level: it must go to the lower",
                        "Math.abs(x - level) < Math.abs(x - nearest)",
                        "Math.abs(x - level) <= Math.abs(x - nearest)")
                .variant("block after block", """
                        double mean = java.util.Arrays.stream(scales).average().orElse(0);
                        for (int from = 0; from < scales.length; from += block) {
                            int to = Math.min(from + block, scales.length);
                            double d = 0;
                            for (int i = from; i < to; i++) {
                                d = Math.max(d, Math.max(scales[i] - mean, mean - scales[i]));
                            }
                            for (int i = from; i < to; i++) {
                                double x = (scales[i] - mean) / Math.max(d, 1e-300);
                                int q = 0;
                                while (q + 1 < map.length && x > (map[q] + map[q + 1]) / 2) {
                                    q++;
                                }
                                restored[i] = Math.fma(map[q], d, mean);
                            }
                        }
                        return restored;
                        """)
                .variant("the levels stretched to the scales", """
                        double sum = 0;
                        for (int i = scales.length - 1; i >= 0; i--) {
                            sum += scales[i];
                        }
                        double mean = sum / scales.length;
                        double[] largest = new double[scales.length / block + 1];
                        for (int i = 0; i < scales.length; i++) {
                            largest[i / block] = Math.max(largest[i / block], Math.abs(mean - scales[i]));
                        }
                        for (int i = 0; i < scales.length; i++) {
                            double d = largest[i / block];
                            int best = 0;
                            for (int q = 1; q < map.length; q++) {
                                double middle = mean + d * (map[best] + map[q]) / 2;
                                best = scales[i] > middle ? q : best;
                            }
                            restored[i] = mean + d * map[best];
                        }
                        return restored;
                        """)
                .hints(
                        "Why would half of the levels be wasted if the scales were rounded as they are?",
                        "First one mean for all; then for each block the largest Math.abs(scale - mean).",
                        "restored = nearest level of (scale - mean) / largest, times largest, plus mean.")
                .reading("The section \"Scales of scales\" of this lesson; Dettmers et al. 2023, section 3");
    }
}
