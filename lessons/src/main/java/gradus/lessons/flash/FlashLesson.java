package gradus.lessons.flash;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.Locale;

/// The running maximum and sum at work, and parts that merge to the whole.
public final class FlashLesson {
    private FlashLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "FlashAttention's recurrence",
                FlashLesson.class,
                OnlineSoftmaxExercise.exercise(),
                MergeByLogSumExpExercise.exercise(),
                QueryGradientExercise.exercise());
    }

    public static void main(String[] arguments) {
        running();
        merging();
        backward();
        memory();
    }

    private static void running() {
        double[] scores = {1, 0, 3, 2};
        double[] values = {10, 20, 30, 40};
        OnlineSoftmax online = new OnlineSoftmax(1);
        for (int j = 0; j < scores.length; j++) {
            online.add(scores[j], new double[] {values[j]});
            System.out.printf(
                    Locale.ROOT,
                    "score %.0f, value %.0f: result so far %.3f, log-sum-exp %.3f%n",
                    scores[j],
                    values[j],
                    online.result()[0],
                    online.logSumExp());
        }
        Tensor weights = Tensor.of(scores, 4).softmax();
        System.out.printf(
                Locale.ROOT,
                "softmax of all four at once:       %.3f%n",
                weights.mul(Tensor.of(values, 4)).sum().item());
    }

    private static void merging() {
        Tensor scores = Tensor.randn(Rng.of(1), 3, 8).mul(2);
        Tensor v = Tensor.randn(Rng.of(2), 8, 4);
        Tensor whole = scores.softmax(1).matmul(v);
        Tensor left = scores.slice(1, 0, 5);
        Tensor right = scores.slice(1, 5, 8);
        Tensor one = left.softmax(1).matmul(v.slice(0, 0, 5));
        Tensor other = right.softmax(1).matmul(v.slice(0, 5, 8));
        print(
                "5 and 3 keys merged by log-sum-exp",
                MergeByLogSumExp.merge(one, left.logSumExp(1), other, right.logSumExp(1)),
                whole);
        print("5 and 3 keys averaged             ", one.add(other).div(2), whole);
    }

    private static void backward() {
        Tensor q = Tensor.randn(Rng.of(3), 6, 8).requireGrad();
        Tensor k = Tensor.randn(Rng.of(4), 9, 8);
        Tensor v = Tensor.randn(Rng.of(5), 9, 8);
        Tensor dO = Tensor.randn(Rng.of(6), 6, 8);
        Tensor scores = q.matmul(k, false, true).div(Math.sqrt(8));
        Tensor o = scores.softmax(1).matmul(v);
        o.backward(dO);
        Tensor byHand = QueryGradient.queryGradient(
                q.detach(), k, v, o.detach(), scores.detach().logSumExp(1), dO);
        print("dQ by hand, against autograd      ", byHand, q.grad());
    }

    private static void print(String what, Tensor result, Tensor whole) {
        double off = result.sub(whole).abs().max().item();
        System.out.println(
                what + ": " + (off < 1e-5 ? "the same" : String.format(Locale.ROOT, "off by up to %.2f", off)));
    }

    private static void memory() {
        double[] lengths = {1024, 2048, 4096, 8192, 16384, 32768, 65536};
        double[] plain = new double[lengths.length];
        double[] flash = new double[lengths.length];
        for (int i = 0; i < lengths.length; i++) {
            plain[i] = 4 * lengths[i] * lengths[i] / (1 << 20);
            flash[i] = 4 * (lengths[i] + 128 * 128) / (1 << 20);
        }
        System.out.printf(
                Locale.ROOT,
                "weights of one head, 65,536 tokens: %.0f MiB; one block of 128 × 128 and all L: %.2f MiB%n",
                plain[6],
                flash[6]);
        LinePlot.of("memory of one head besides q, k, v and the result", "tokens", "MiB")
                .logarithmicX()
                .logarithmicY()
                .line("all weights", lengths, plain)
                .line("one block and L", lengths, flash)
                .save("flash-memory");
    }
}
