package gradus.lessons.lab.emergence;

import gradus.layers.model.LanguageModel;
import gradus.lessons.lab.material.Lesson;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/// Scores a model's answers digit by digit, the right digits before each given. An answer that a model writes
/// by itself, the likeliest digit at each place, is right exactly if all of these are: so one pass through the
/// model tells both what it knows of a digit and whether it would write the whole.
///
/// @param ids    of each prompt and its answer; all of one length
/// @param read   tokens of a prompt
/// @param digits of an answer
record DigitScores(List<int[]> ids, int read, int digits) {
    private static final int ROWS = 250; // of a pass

    /// What a model makes of the answers.
    ///
    /// @param logProbability mean over all digits, in nats
    /// @param accuracy       share of the digits that are the likeliest
    /// @param match          share of the answers whose first 1, 2, … digits are
    record Score(double logProbability, double accuracy, List<Double> match) {}

    /// @param lessons of one length
    static DigitScores of(List<Lesson> lessons, Tokenizer tokenizer, int digits) {
        List<int[]> ids = lessons.stream()
                .map(each -> tokenizer.encode(each.prompt() + each.answer()))
                .toList();
        return new DigitScores(ids, tokenizer.encode(lessons.getFirst().prompt()).length, digits);
    }

    /// Of a model, which stays as it is.
    Score of(LanguageModel model) {
        boolean training = model.training();
        model.eval();
        double sum = 0;
        long right = 0;
        long[] matches = new long[digits];
        for (int from = 0; from < ids.size(); from += ROWS) {
            List<int[]> rows = ids.subList(from, Math.min(ids.size(), from + ROWS));
            int time = read + digits - 1;
            float[] logs = logs(model, rows, time);
            int vocabulary = logs.length / rows.size() / time;
            for (int row = 0; row < rows.size(); row++) {
                boolean whole = true;
                for (int digit = 0; digit < digits; digit++) {
                    int at = (row * time + read - 1 + digit) * vocabulary;
                    int wanted = rows.get(row)[read + digit];
                    sum += logs[at + wanted];
                    boolean hit = likeliest(logs, at, vocabulary) == wanted;
                    right += hit ? 1 : 0;
                    whole &= hit;
                    matches[digit] += whole ? 1 : 0;
                }
            }
        }
        if (training) {
            model.train();
        }
        double all = (double) ids.size() * digits;
        List<Double> match = new ArrayList<>();
        for (long each : matches) {
            match.add(each / (double) ids.size());
        }
        return new Score(sum / all, right / all, match);
    }

    private static float[] logs(LanguageModel model, List<int[]> rows, int time) {
        int[] inputs = new int[rows.size() * time];
        for (int row = 0; row < rows.size(); row++) {
            System.arraycopy(rows.get(row), 0, inputs, row * time, time);
        }
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            return model.forward(Indices.of(Shape.of(rows.size(), time), inputs))
                    .logSoftmax(-1)
                    .toFloatArray(); // (rows, time, V)
        }
    }

    private static int likeliest(float[] logs, int from, int vocabulary) {
        int best = 0;
        for (int i = 1; i < vocabulary; i++) {
            best = logs[from + i] > logs[from + best] ? i : best;
        }
        return best;
    }
}
