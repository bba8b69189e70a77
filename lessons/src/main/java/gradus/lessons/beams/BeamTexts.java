package gradus.lessons.beams;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/// A whole beam search.
public final class BeamTexts {
    /// A text.
    ///
    /// @param tokens in order
    /// @param sum    of the tokens' log-probabilities
    private record Text(int[] tokens, double sum) {}

    private BeamTexts() {}

    /// Looks for the text of the largest `Σ log p / nᵅ`, where n is the number of its tokens:
    /// 1. One text grows at first, the empty one, with sum 0.
    /// 2. Every growing text is continued by every token, and of all these continuations together the `width`
    ///    ones of the largest sum are kept, without any division by the length. Those whose last token is
    ///    `end` are finished and put aside; the others grow on. So fewer than `width` may be growing.
    /// 3. Step 2 is done `limit` times, or until none is growing.
    /// 4. Of all finished texts and those that still grow, the one of the largest `sum / nᵅ` is the result.
    ///    The end token counts in n.
    ///
    /// No two texts that are compared have equal sums.
    ///
    /// @param model  gives the log-probability of each next token after the tokens of a text
    /// @param width  at least 1
    /// @param limit  at least 1
    /// @param end    the token that ends a text, or -1 if none does
    /// @param alpha  α, at least 0
    /// @return the tokens, with the end token if it has one
    public static int[] search(Function<int[], double[]> model, int width, int limit, int end, double alpha) {
        // --- your answer
        List<Text> growing = List.of(new Text(new int[0], 0));
        List<Text> finished = new ArrayList<>();
        for (int n = 1; n <= limit && !growing.isEmpty(); n++) {
            List<Text> all = new ArrayList<>();
            for (Text text : growing) {
                double[] logProbabilities = model.apply(text.tokens());
                for (int token = 0; token < logProbabilities.length; token++) {
                    int[] longer = Arrays.copyOf(text.tokens(), n);
                    longer[n - 1] = token;
                    all.add(new Text(longer, text.sum() + logProbabilities[token]));
                }
            }
            all.sort(Comparator.comparingDouble(Text::sum).reversed());
            growing = new ArrayList<>();
            for (Text text : all.subList(0, Math.min(width, all.size()))) {
                boolean ends = text.tokens()[n - 1] == end;
                (ends ? finished : growing).add(text);
            }
        }
        finished.addAll(growing);
        Comparator<Text> byScore =
                Comparator.comparingDouble(text -> text.sum() / Math.pow(text.tokens().length, alpha));
        return finished.stream().max(byScore).orElseThrow().tokens();
        // ---
    }
}
