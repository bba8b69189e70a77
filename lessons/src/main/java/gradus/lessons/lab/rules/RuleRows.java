package gradus.lessons.lab.rules;

import gradus.tensor.op.CrossEntropy;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.task.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows of tokens, of which only the answers are learned.
final class RuleRows {
    private final Language language;
    private final List<List<Integer>> rows = new ArrayList<>();
    private final List<List<Integer>> learned = new ArrayList<>();

    RuleRows(Language language) {
        this.language = language;
    }

    /// Begins a row.
    ///
    /// @param context rules that stand first; none for an empty list
    RuleRows row(List<Rule> context) {
        List<Integer> tokens = language.context(context);
        rows.add(new ArrayList<>(tokens));
        learned.add(new ArrayList<>());
        tokens.forEach(each -> learned.getLast().add(CrossEntropy.IGNORE_INDEX));
        return this;
    }

    /// Adds a question and its answer to the last row.
    ///
    /// @param path the symbols that the answer goes through
    RuleRows ask(Chain chain, int... path) {
        for (int token : language.question(chain)) {
            rows.getLast().add(token);
            learned.getLast().add(CrossEntropy.IGNORE_INDEX);
        }
        List<Integer> answer = language.answer(chain, path);
        rows.getLast().addAll(answer);
        learned.getLast().addAll(answer);
        return this;
    }

    /// **Shapes** → inputs and targets (rows, longest - 1)
    Batch batch() {
        int time = rows.stream().mapToInt(List::size).max().orElseThrow() - 1;
        int[] inputs = new int[rows.size() * time];
        int[] targets = new int[inputs.length];
        Arrays.fill(inputs, language.end());
        Arrays.fill(targets, CrossEntropy.IGNORE_INDEX);
        for (int r = 0; r < rows.size(); r++) {
            List<Integer> row = rows.get(r);
            for (int t = 0; t < row.size() - 1; t++) {
                inputs[r * time + t] = row.get(t);
                targets[r * time + t] = learned.get(r).get(t + 1);
            }
        }
        Shape shape = Shape.of(rows.size(), time);
        return new Batch(Indices.of(shape, inputs), Indices.of(shape, targets));
    }
}
