package gradus.lessons.instructions;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.HeatMap;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.optimizer.AdamConfig;
import gradus.train.optimizer.AdamW;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// A small model that learns to answer, and to stop; and what a packed row must keep apart.
public final class InstructionsLesson {
    private static final int END = 0; // padding too
    private static final int BEGIN = 1;
    private static final int USER = 2;
    private static final int ASSISTANT = 3;
    private static final int DIGIT = 4;
    private static final int WIDTH = 12;
    private static final int BATCH = 32;

    private InstructionsLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Instruction tuning: whose tokens, which mask",
                InstructionsLesson.class,
                ConversationIdsExercise.exercise(),
                AssistantLabelsExercise.exercise(),
                PackedMaskExercise.exercise(),
                PackedRowExercise.exercise());
    }

    public static void main(String[] arguments) {
        conversation();
        stopping("labels as they should be", false);
        stopping("end masked with the padding", true);
        packing();
        crossing();
    }

    /// Question: a digit and how often to say it. Answer: the digit so often.
    private static int[] conversation(int digit, int times) {
        int[] answer = new int[times + 1];
        Arrays.fill(answer, DIGIT + digit);
        answer[0] = BEGIN;
        int[][] turns = {{BEGIN, DIGIT + digit, DIGIT + times}, answer};
        return ConversationIds.row(turns, BEGIN, USER, ASSISTANT, END);
    }

    private static void conversation() {
        int[] row = conversation(7, 3);
        int[] padded = Arrays.copyOf(row, WIDTH);
        print("ids:   ", padded);
        print("labels:", AssistantLabels.labels(padded, row.length, USER, ASSISTANT, END));
    }

    private static void print(String title, int[] ids) {
        System.out.println(title
                + Arrays.stream(ids)
                        .mapToObj(id -> String.format(Locale.ROOT, "%5d", id))
                        .collect(Collectors.joining()));
    }

    /// Trains a model and counts how many of its answers are right, and how many end by themselves.
    private static void stopping(String name, boolean endMasked) {
        Gpt gpt = new Gpt(new GptConfig(DIGIT + 10, 2 * WIDTH, 1, 2, 32, 0.0), Rng.of(1));
        AdamW adam = new AdamW(gpt.parameters(), AdamConfig.defaults());
        for (int step = 0; step < 150; step++) {
            int[] inputs = new int[BATCH * WIDTH];
            int[] targets = new int[BATCH * WIDTH];
            for (int text = 0; text < BATCH; text++) {
                int[] ids = conversation(
                        Rng.of(step).index(text, 10), 1 + Rng.of(1000 + step).index(text, 4));
                int[] labels = AssistantLabels.labels(ids, ids.length, USER, ASSISTANT, END);
                for (int i = 0; endMasked && i < ids.length; i++) {
                    labels[i] = ids[i] == END ? -100 : labels[i];
                }
                int[][] row = PackedRow.pack(new int[][] {ids}, new int[][] {labels}, WIDTH, END);
                System.arraycopy(row[0], 0, inputs, text * WIDTH, WIDTH);
                System.arraycopy(row[1], 0, targets, text * WIDTH, WIDTH);
            }
            Shape shape = Shape.of(BATCH, WIDTH);
            adam.zeroGrad();
            gpt.forward(Indices.of(shape, inputs))
                    .crossEntropy(Indices.of(shape, targets), -100, 0)
                    .backward();
            adam.step(0.01);
        }
        int right = 0;
        int ended = 0;
        for (int i = 0; i < 20; i++) {
            int[] whole = conversation(i % 10, 1 + i / 5);
            int[] said = answer(gpt.eval(), Arrays.copyOf(whole, 6));
            ended += said[said.length - 1] == END ? 1 : 0;
            right += Arrays.equals(said, whole) ? 1 : 0;
        }
        System.out.printf(Locale.ROOT, "%s: %d of 20 answers end, %d are right%n", name, ended, right);
    }

    /// Goes on until the end token comes, or until there is no room.
    private static int[] answer(Gpt gpt, int[] question) {
        int[] ids = question;
        while (ids.length < 2 * WIDTH) {
            Tensor logits = gpt.forward(Indices.of(Shape.of(1, ids.length), ids));
            int next = logits.select(0, 0).select(0, ids.length - 1).argmax();
            ids = Arrays.copyOf(ids, ids.length + 1);
            ids[ids.length - 1] = next;
            if (next == END) {
                break;
            }
        }
        return ids;
    }

    /// How much of a batch is padding with one conversation in a row, and with as many as there is room for.
    private static void packing() {
        int width = 64;
        int tokens = 0;
        int rows = 1;
        int left = width;
        for (int i = 0; i < 200; i++) {
            int length = 6 + (int) (58 * Math.pow(Rng.of(4).uniform(i), 3));
            tokens += length;
            if (length > left) {
                rows++;
                left = width;
            }
            left -= length;
        }
        System.out.printf(
                Locale.ROOT,
                "200 conversations, rows of 64: one in a row, %.0f %% padding; packed, %d rows, %.0f %% padding%n",
                100.0 - 100.0 * tokens / (200 * width),
                rows,
                100.0 - 100.0 * tokens / (rows * width));
        HeatMap.of("four conversations in a row of 16", PackedMask.mask(new int[] {4, 2, 5, 3}, 16))
                .save("instructions-mask");
    }

    /// Attention of a conversation alone, and behind another one in the same row.
    private static void crossing() {
        Tensor q = Tensor.randn(Rng.of(5), 9, 8);
        Tensor k = Tensor.randn(Rng.of(6), 9, 8);
        Tensor v = Tensor.randn(Rng.of(7), 9, 8);
        Tensor alone = attention(q.slice(0, 5), k.slice(0, 5), v.slice(0, 5), PackedMask.mask(new int[] {4}, 4));
        for (int[] lengths : new int[][] {{5, 4}, {9}}) {
            Tensor both = attention(q, k, v, PackedMask.mask(lengths, 9)).slice(0, 5);
            System.out.printf(
                    Locale.ROOT,
                    "the second conversation behind the first, %s: off by %.3f%n",
                    lengths.length == 2 ? "a mask for each" : "one causal mask",
                    both.sub(alone).abs().mean().item());
        }
    }

    private static Tensor attention(Tensor q, Tensor k, Tensor v, Tensor mask) {
        Tensor scores = q.matmul(k, false, true).div(Math.sqrt(q.dim(1)));
        return scores.maskedFill(mask.eq(0), Double.NEGATIVE_INFINITY).softmax().matmul(v);
    }
}
