package gradus.lessons.masks;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.HeatMap;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Masks as pictures of zeros and ones, and what goes wrong where they are applied in the wrong place.
public final class MasksLesson {
    private MasksLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Causal, padding and sliding masks",
                MasksLesson.class,
                CausalMaskExercise.exercise(),
                SlidingMaskExercise.exercise(),
                PaddedMaskExercise.exercise(),
                MaskedSoftmaxExercise.exercise());
    }

    public static void main(String[] arguments) {
        print("causal, 2 new tokens after 3:", CausalMask.causal(2, 5));
        print("padded, 2 tokens in 4 places:", PaddedMask.mask(new int[] {2}, 4).reshape(4, 4));
        print("sliding, a window of 3:", SlidingMask.sliding(6, 3));
        reach();
        place();
    }

    private static void reach() {
        int time = 24;
        Tensor mask = SlidingMask.sliding(time, 4);
        Tensor paths = mask;
        for (int layers = 1; layers <= 4; layers++) {
            int seen = (int) paths.slice(0, time - 1).gt(0).sum().item();
            System.out.printf("after layer %s the last of %s tokens is reached by %s%n", layers, time, seen);
            if (layers == 3) {
                HeatMap.of("three layers with a window of 4", paths.gt(0)).save("masks-reach");
            }
            paths = paths.matmul(mask).gt(0);
        }
    }

    private static void place() {
        Tensor scores = Tensor.randn(Rng.of(7), 1, 4);
        Tensor mask = Tensor.of(new float[] {1, 1, 0, 0}, 1, 4);
        print("scores:            ", scores);
        print("right:             ", MaskedSoftmax.softmax(scores, mask));
        print("mask after softmax:", scores.softmax(-1).mul(mask));
        print("scores times mask: ", scores.mul(mask).softmax(-1));
        Tensor none = Tensor.zeros(1, 4);
        print("no key seen, right:", MaskedSoftmax.softmax(scores, none));
        print("no key seen, -∞:   ", byEquation(scores.maskedFill(none.eq(0), Double.NEGATIVE_INFINITY)));
        print("no key seen, -1e4: ", byEquation(scores.maskedFill(none.eq(0), -1e4)));
    }

    private static Tensor byEquation(Tensor scores) {
        Tensor powers = scores.sub(scores.amax(-1, true)).exp();
        return powers.div(powers.sum(-1, true));
    }

    private static void print(String title, Tensor rows) {
        int columns = rows.dim(1);
        double[] all = rows.toArray();
        boolean whole = Arrays.stream(all).allMatch(x -> x == Math.rint(x));
        if (rows.dim(0) > 1) {
            System.out.println(title);
        }
        for (int i = 0; i < rows.dim(0); i++) {
            String row = Arrays.stream(all, i * columns, (i + 1) * columns)
                    .mapToObj(x -> String.format(Locale.ROOT, whole ? "%.0f" : "%.3f", x))
                    .collect(Collectors.joining(" "));
            System.out.println(rows.dim(0) > 1 ? "  " + row : title + " " + row);
        }
    }
}
