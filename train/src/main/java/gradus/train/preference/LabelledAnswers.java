package gradus.train.preference;

import static gradus.error.ConfigException.require;

import gradus.train.task.Examples;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// Single answers as ids, each with its prompt before it and marks that say which ids are the answer's, and
/// whether it is one that people want.
public final class LabelledAnswers {
    private final Examples answers = new Examples();
    private final BitSet desirable = new BitSet();

    /// Adds an answer.
    ///
    /// @param prompt at least one id: something must stand before an answer's first
    /// @param answer at least one id
    /// @throws gradus.error.ConfigException if one of them has no id
    public void add(int[] prompt, int[] answer, boolean desirable) {
        require(
                prompt.length > 0 && answer.length > 0,
                "labelled answers: prompt and answer must have at least 1 id; got %d and %d",
                prompt.length,
                answer.length);
        int[] ids = Arrays.copyOf(prompt, prompt.length + answer.length);
        System.arraycopy(answer, 0, ids, prompt.length, answer.length);
        boolean[] marks = new boolean[ids.length];
        Arrays.fill(marks, prompt.length, marks.length, true);
        add(ids, marks, desirable);
    }

    /// Adds an answer that need not be the end of the ids.
    ///
    /// @param inAnswer for each id whether it is the answer's
    /// @throws gradus.error.ConfigException if the answer has no id, or marks are missing
    public void add(int[] ids, boolean[] inAnswer, boolean desirable) {
        answers.add(ids, inAnswer);
        this.desirable.set(answers.count() - 1, desirable);
    }

    /// How many answers there are.
    public int count() {
        return answers.count();
    }

    /// The answers with their prompts.
    public Examples answers() {
        return answers;
    }

    /// Whether an answer is one that people want.
    public boolean desirable(int answer) {
        return desirable.get(answer);
    }

    /// These answers alone, in this order.
    public LabelledAnswers some(List<Integer> which) {
        LabelledAnswers some = new LabelledAnswers();
        which.forEach(each -> some.add(answers.ids(each), answers.marks(each), desirable(each)));
        return some;
    }

    /// SHA-256 of the answers, and the labels.
    public String sum() {
        return answers.sum() + Integer.toHexString(desirable.hashCode());
    }
}
