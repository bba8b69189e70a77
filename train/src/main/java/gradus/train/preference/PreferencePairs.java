package gradus.train.preference;

import static gradus.error.ConfigException.require;

import gradus.train.task.Examples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Pairs of answers to the same prompt as ids: each answer with its prompt before it, and marks that say which
/// ids are the answer's, its closing token included.
public final class PreferencePairs {
    private final Examples chosen = new Examples();
    private final Examples rejected = new Examples();
    private final List<Double> margins = new ArrayList<>();

    /// Adds a pair.
    ///
    /// @param prompt   at least one id: something must stand before an answer's first
    /// @param chosen   the better answer
    /// @param rejected the worse one
    /// @throws gradus.error.ConfigException if prompt or an answer has no id
    public void add(int[] prompt, int[] chosen, int[] rejected) {
        require(
                prompt.length > 0 && chosen.length > 0 && rejected.length > 0,
                "preference pairs: prompt and answers must have at least 1 id; got %d, %d and %d",
                prompt.length,
                chosen.length,
                rejected.length);
        add(
                joined(prompt, chosen),
                marks(prompt.length, chosen.length),
                joined(prompt, rejected),
                marks(prompt.length, rejected.length),
                0);
    }

    /// Adds a pair whose answers need not be the end of the ids.
    ///
    /// @param inChosen   for each id of the better one whether it is the answer's
    /// @param inRejected for each id of the worse one
    /// @param margin     how much better the chosen one is at least, for reward models; else 0
    /// @throws gradus.error.ConfigException if an answer has no id, marks are missing, or the margin is not
    ///     finite
    public void add(int[] chosenIds, boolean[] inChosen, int[] rejectedIds, boolean[] inRejected, double margin) {
        require(Double.isFinite(margin), "preference pairs: the margin must be finite; got %s", margin);
        require(
                inRejected.length == rejectedIds.length && Examples.teaches(inRejected, inRejected.length),
                "preference pairs: none of the %d rejected ids is marked as the answer's",
                rejectedIds.length);
        chosen.add(chosenIds, inChosen);
        rejected.add(rejectedIds, inRejected);
        margins.add(margin);
    }

    private static int[] joined(int[] prompt, int[] answer) {
        int[] all = Arrays.copyOf(prompt, prompt.length + answer.length);
        System.arraycopy(answer, 0, all, prompt.length, answer.length);
        return all;
    }

    private static boolean[] marks(int before, int answer) {
        boolean[] marks = new boolean[before + answer];
        Arrays.fill(marks, before, marks.length, true);
        return marks;
    }

    /// How many pairs there are.
    public int count() {
        return margins.size();
    }

    /// The better answers with their prompts.
    public Examples chosen() {
        return chosen;
    }

    /// The worse ones.
    public Examples rejected() {
        return rejected;
    }

    /// How much better the chosen answer of a pair is at least.
    public double margin(int pair) {
        return margins.get(pair);
    }

    /// These pairs alone, in this order.
    public PreferencePairs some(List<Integer> which) {
        PreferencePairs some = new PreferencePairs();
        which.forEach(pair ->
                some.add(chosen.ids(pair), chosen.marks(pair), rejected.ids(pair), rejected.marks(pair), margin(pair)));
        return some;
    }

    /// The same pairs without what a chat template writes behind the token that closes an answer: a reward
    /// model scores a text at its last token, and that is where a policy's own answer ends.
    ///
    /// @param closing tokens that close an answer; one that has none of them ends with its last marked id
    public PreferencePairs endingWith(Set<Integer> closing) {
        PreferencePairs cut = new PreferencePairs();
        for (int pair = 0; pair < count(); pair++) {
            int better = end(chosen, pair, closing);
            int worse = end(rejected, pair, closing);
            cut.add(
                    Arrays.copyOf(chosen.ids(pair), better),
                    Arrays.copyOf(chosen.marks(pair), better),
                    Arrays.copyOf(rejected.ids(pair), worse),
                    Arrays.copyOf(rejected.marks(pair), worse),
                    margin(pair));
        }
        return cut;
    }

    private static int end(Examples answers, int pair, Set<Integer> closing) {
        int[] ids = answers.ids(pair);
        int end = answers.answerEnd(pair);
        for (int place = end - 1; place > answers.answerStart(pair); place--) {
            if (closing.contains(ids[place]) && answers.learned(pair, place)) {
                return place + 1;
            }
        }
        return end;
    }

    /// SHA-256 of both kinds of answers, and the margins.
    public String sum() {
        return chosen.sum() + rejected.sum() + Integer.toHexString(margins.hashCode());
    }
}
