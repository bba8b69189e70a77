package gradus.train.preference;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import gradus.train.task.Examples;
import gradus.train.task.LanguageModelling.Sizes;
import gradus.train.task.Packing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Answers in batches that stay as they are, and beside each prompt of a batch the answer of the batch's answer
/// before it, as TRL pairs them: from these a policy's divergence from its reference is estimated. So the same
/// answers are at the right prompts and at wrong ones, and what the reference says of them can be kept.
final class MismatchedAnswers {
    private final Sizes sizes;
    private final List<int[]> batches = new ArrayList<>();
    private final Examples rows = new Examples();
    private final Packing order;

    /// @param answers at least 2
    /// @param sizes   at least 2 answers of a batch
    /// @param context ids that a row has room for; an answer that is too long beside another prompt is cut
    /// @param rng     random numbers for who is in which batch, and for the batches' order
    /// @throws gradus.error.ConfigException if there is only one answer
    MismatchedAnswers(Examples answers, Sizes sizes, int context, Rng rng) {
        require(answers.count() >= 2, "kto: there must be at least 2 answers; got %d", answers.count());
        this.sizes = sizes;
        int[] shuffled = shuffled(answers.count(), rng.at("batches"));
        for (int from = 0; from < shuffled.length; ) {
            int left = shuffled.length - from;
            int size = left <= sizes.batchSize() + 1 ? left : sizes.batchSize(); // no batch of one at the end
            batches.add(Arrays.copyOfRange(shuffled, from, from + size));
            from += size;
        }
        int[] before = new int[answers.count()];
        for (int[] batch : batches) {
            for (int i = 0; i < batch.length; i++) {
                before[batch[i]] = batch[(i + batch.length - 1) % batch.length];
            }
        }
        for (int i = 0; i < before.length; i++) {
            add(answers, i, before[i], context);
        }
        int[] ones = new int[batches.size()];
        Arrays.fill(ones, 1);
        this.order = new Packing(ones, 1, false, rng.at("order"));
    }

    /// Fisher and Yates's.
    private static int[] shuffled(int count, Rng rng) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int j = rng.index(i, i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private void add(Examples answers, int prompt, int answer, int context) {
        int before = answers.answerStart(prompt);
        int start = answers.answerStart(answer);
        int end = Math.min(answers.length(answer), start + context - before);
        int[] ids = Arrays.copyOf(answers.ids(prompt), before + end - start);
        boolean[] marks = new boolean[ids.length];
        System.arraycopy(answers.ids(answer), start, ids, before, end - start);
        System.arraycopy(answers.marks(answer), start, marks, before, end - start);
        rows.add(ids, marks);
    }

    /// Row i is the prompt of answer i with another answer.
    Examples rows() {
        return rows;
    }

    /// The numbers of the answers of each batch.
    List<int[]> batches() {
        return batches;
    }

    /// The batches that a step learns: in each epoch all of them, in a random order.
    List<int[]> step(int step) {
        List<int[]> parts = new ArrayList<>();
        for (int[] each : order.rows((long) step * sizes.accumulation(), sizes.accumulation())) {
            parts.add(batches.get(each[0]));
        }
        return parts;
    }
}
