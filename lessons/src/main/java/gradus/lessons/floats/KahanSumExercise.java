package gradus.lessons.floats;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import java.util.Arrays;

final class KahanSumExercise {
    private KahanSumExercise() {}

    static Exercise exercise() {
        return Exercise.of(KahanSum.class, "Kahan's sum")
                .tolerance(1e-5)
                .probe("three numbers", "1 + 2 + 3 = 6", t -> t.call(new float[] {1, 2, 3}))
                .probe("no numbers", "0", t -> t.call(new float[0]))
                .probe("one number", "", t -> t.call(new float[] {2.5f}))
                .probe(
                        "one, and 100,000 times 1e-8",
                        "The last place of 1 is 1.2e-7. Each 1e-8 is lost; 100,000 of them are 0.001: 1.001",
                        t -> t.call(filled(100_001, 1, 1e-8f)))
                .probe(
                        "16,777,216 and 20,000 ones",
                        "each 1 is lost in a float32 of this size: 16,797,216",
                        t -> t.call(filled(20_001, 16_777_216, 1)))
                .probe(
                        "a tenth 400,000 times",
                        "0.1 is lost in part as the sum grows: 40,000",
                        t -> t.call(filled(400_000, 0.1f, 0.1f)))
                .probe("a third, negative, 200,000 times", "", t -> t.call(filled(200_000, -1f / 3, -1f / 3)))
                .probe("tiny numbers", "", t -> t.call(filled(5000, 1e-30f, 3e-34f)))
                .probe("random numbers", "", KahanSumExercise::random)
                .bug("What was lost is not taken into account: a plain sum", "values[i] - lost", "values[i]")
                .bug("What was lost is added with the wrong sign", "values[i] - lost", "values[i] + lost")
                .bug(
                        "The sum is replaced before what was lost is computed: everything counts twice",
                        "lost = (next - sum)",
                        "sum = next; lost = (next - sum)")
                .bug("What was lost is computed as a sum: (next - sum) + y", "(next - sum) - y", "(next - sum) + y")
                .bug(
                        "What was lost is gathered over all numbers, though it was made up for already",
                        "lost = (next",
                        "lost += (next")
                .bug("The first number is left out", "int i = 0", "int i = 1")
                .bug("The last number is left out", "i < values.length", "i < values.length - 1")
                .bug(Bug.of("The numbers are added from the end, plainly: the order alone does not help")
                        .replacing("values[i] - lost", "values[values.length - 1 - i]"))
                .bug(
                        "The number itself is compared, without what was lost before: (next - sum) - value",
                        "(next - sum) - y",
                        "(next - sum) - values[i]")
                .bug(
                        "The mean is given, and the sum is asked for",
                        "return sum",
                        "return sum / Math.max(values.length, 1)")
                .variant("Neumaier's: the losses apart, added at the end", """
                        float sum = 0;
                        float rest = 0;
                        for (float value : values) {
                            float next = sum + value;
                            if (Math.abs(sum) >= Math.abs(value)) {
                                rest += (sum - next) + value;
                            } else {
                                rest += (value - next) + sum;
                            }
                            sum = next;
                        }
                        return sum + rest;
                        """)
                .variant("two floats together, by Knuth's exact sum", """
                        float high = 0;
                        float low = 0;
                        for (float value : values) {
                            float s = high + value;
                            float part = s - high;
                            float error = (high - (s - part)) + (value - part);
                            low += error;
                            high = s + low;
                            low = low - (high - s);
                        }
                        return high;
                        """)
                .hints(
                        "What is (sum + y) - sum in float32, if y is much smaller than sum?",
                        "Four lines in the loop, in the order of the task; lost starts at 0 and is used in the"
                                + " next round.",
                        "y = values[i] - lost; next = sum + y; lost = (next - sum) - y; sum = next.")
                .reading("The section \"Sums\" of this lesson");
    }

    private static float[] filled(int count, float first, float others) {
        float[] values = new float[count];
        Arrays.fill(values, others);
        values[0] = first;
        return values;
    }

    private static Object random(Trial t) {
        double[] numbers = t.normals(300);
        float[] values = new float[100_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.1 + Math.abs(numbers[i % numbers.length]));
        }
        values[0] = 1e7f;
        return t.call(values);
    }
}
