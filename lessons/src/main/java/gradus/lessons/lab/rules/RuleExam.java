package gradus.lessons.lab.rules;

import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Lets a model answer questions, always with the likeliest token.
///
/// @param model    that answers
/// @param language in which it does
record RuleExam(LanguageModel model, Language language) {

    /// The share of right answers.
    ///
    /// @param questions of as many hops, and with contexts of as many rules
    double right(List<Asked> questions) {
        int[] said = said(questions);
        int right = 0;
        for (int i = 0; i < said.length; i++) {
            right += said[i] == questions.get(i).answer() ? 1 : 0;
        }
        return (double) right / said.length;
    }

    /// The symbol of each answer; -1 for none.
    int[] said(List<Asked> questions) {
        List<List<Integer>> prompts = new ArrayList<>();
        for (Asked each : questions) {
            List<Integer> prompt = new ArrayList<>(language.context(each.context()));
            prompt.addAll(language.question(each.chain()));
            prompts.add(prompt);
        }
        int begin = prompts.getFirst().size();
        int more = language.answerLength(questions.getFirst().chain().hops());
        int[][] rows = prompts.stream()
                .map(prompt -> prompt.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
        for (int i = 0; i < more; i++) {
            rows = withNext(rows);
        }
        return Arrays.stream(rows)
                .mapToInt(row -> language.said(Arrays.copyOfRange(row, begin, row.length)))
                .toArray();
    }

    private int[][] withNext(int[][] rows) {
        int time = rows[0].length;
        float[] logits;
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            Indices ids = Indices.of(
                    Shape.of(rows.length, time),
                    Arrays.stream(rows).flatMapToInt(Arrays::stream).toArray());
            logits = model.forward(ids).slice(1, time - 1, time).toFloatArray(); // (N, 1, V)
        }
        int vocabulary = language.vocabulary();
        int[][] longer = new int[rows.length][];
        for (int r = 0; r < rows.length; r++) {
            int best = 0;
            for (int v = 1; v < vocabulary; v++) {
                best = logits[r * vocabulary + v] > logits[r * vocabulary + best] ? v : best;
            }
            longer[r] = Arrays.copyOf(rows[r], time + 1);
            longer[r][time] = best;
        }
        return longer;
    }
}
