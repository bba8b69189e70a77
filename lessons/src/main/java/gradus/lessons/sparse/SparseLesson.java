package gradus.lessons.sparse;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.HeatMap;
import gradus.tensor.Tensor;
import java.util.Arrays;
import java.util.Locale;

/// How many pairs each pattern looks at, and how far two layers carry.
public final class SparseLesson {
    private static final int TIME = 64;

    private SparseLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Sparse patterns and S² attention",
                SparseLesson.class,
                StridedMaskExercise.exercise(),
                ShiftHeadsExercise.exercise(),
                ShiftedMaskExercise.exercise());
    }

    public static void main(String[] arguments) {
        Tensor causal = Tensor.ones(TIME, TIME).tril();
        Tensor strided = StridedMask.strided(TIME, 8);
        Tensor groups = groups(8);
        Tensor shifted = ShiftedMask.shifted(TIME, 8);
        print("causal          ", causal, causal);
        print("strided         ", strided, strided);
        print("groups          ", groups, groups);
        print("groups, shifted ", groups, shifted);
        HeatMap.of("strided pattern, 24 tokens, stride 5", StridedMask.strided(24, 5))
                .save("sparse-strided");
        shift();
        grow();
    }

    private static Tensor groups(int group) {
        Tensor number = Tensor.of(groupNumbers(group), TIME).reshape(TIME, 1);
        return number.eq(number.reshape(1, TIME)).tril();
    }

    private static float[] groupNumbers(int group) {
        float[] numbers = new float[TIME];
        for (int i = 0; i < TIME; i++) {
            numbers[i] = i / group;
        }
        return numbers;
    }

    /// @param first  what the first layer sees
    /// @param second what the second one sees
    private static void print(String name, Tensor first, Tensor second) {
        double pairs = first.add(second).sum().item() / 2;
        Tensor two = second.matmul(first).gt(0);
        Tensor four = second.matmul(first).matmul(second).matmul(first).gt(0);
        System.out.printf(
                Locale.ROOT,
                "%s %4.0f pairs a layer; the last token is reached by %2.0f of %d in two layers, %2.0f in four%n",
                name,
                pairs,
                two.slice(0, TIME - 1).sum().item(),
                TIME,
                four.slice(0, TIME - 1).sum().item());
    }

    private static void shift() {
        Tensor x = Tensor.concat(
                1, Tensor.arange(8).reshape(1, 1, 8, 1), Tensor.arange(8).reshape(1, 1, 8, 1));
        Tensor cut = ShiftHeads.shift(x, 4); // (1, 2, 2, 4, 1)
        for (int head = 0; head < 2; head++) {
            for (int group = 0; group < 2; group++) {
                int[] tokens = Arrays.stream(
                                cut.select(1, head).select(1, group).toArray())
                        .mapToInt(t -> (int) t)
                        .toArray();
                System.out.printf("head %s, group %s: %s%n", head, group, Arrays.toString(tokens));
            }
        }
    }

    private static void grow() {
        for (int time : new int[] {1024, 16384, 262144}) {
            double all = 0.5 * time * (time + 1.0);
            int stride = (int) Math.sqrt(time);
            double sparse = 0;
            for (int i = 0; i < time; i++) {
                sparse += Math.min(i + 1, stride) + (i < stride ? 0 : i / stride);
            }
            System.out.printf(
                    Locale.ROOT,
                    "T = %,7d, stride %3d: causal %.2e pairs, strided %.2e, one in %.0f%n",
                    time,
                    stride,
                    all,
                    sparse,
                    all / sparse);
        }
    }
}
