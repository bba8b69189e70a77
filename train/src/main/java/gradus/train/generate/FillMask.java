package gradus.train.generate;

import static gradus.error.ConfigException.require;

import gradus.error.DataException;
import gradus.layers.model.BertMaskedLm;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tokenizer.Tokenizer;
import gradus.train.corpus.ControlTokens;
import gradus.train.task.EncoderTokens;
import gradus.train.task.PaddedRows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Guesses the tokens that a text hides by `[MASK]`.
public final class FillMask {
    private final BertMaskedLm model;
    private final Tokenizer tokenizer;
    private final EncoderTokens tokens;

    /// A token that may stand there.
    ///
    /// @param probability among all tokens
    public record Fill(String token, int id, double probability) {}

    /// @param model in evaluation
    /// @throws DataException if the tokenizer lacks a token that an encoder needs
    public FillMask(BertMaskedLm model, Tokenizer tokenizer) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.tokens = ControlTokens.of(tokenizer);
    }

    /// The likeliest tokens for each `[MASK]` of a text, the likeliest first.
    ///
    /// @param count how many, at least 1
    /// @throws DataException if the text has no `[MASK]`, or is longer than the model's context
    public List<List<Fill>> fill(String text, int count) {
        int[] ids = tokenizer.encode(text, Set.of("[MASK]"));
        if (ids.length + 2 > model.config().context()) {
            throw new DataException(
                    "the text has %s tokens; with [CLS] and [SEP] the model's context of %s is too short"
                            .formatted(ids.length, model.config().context()));
        }
        return fill(tokens.frame(ids, ids.length + 2), count);
    }

    /// The same for a framed text as ids.
    ///
    /// @throws DataException if the text has no `[MASK]`
    public List<List<Fill>> fill(int[] framed, int count) {
        require(count >= 1, "fill: count must be at least 1; got %d", count);
        int[] places = IntStream.range(0, framed.length)
                .filter(place -> framed[place] == tokens.mask())
                .toArray();
        if (places.length == 0) {
            throw new DataException("the text hides nothing: it has no [MASK]");
        }
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            PaddedRows row = PaddedRows.of(List.of(framed), tokens.pad());
            Tensor logits = model.forward(row.ids(), row.segments(), row.mask(), Indices.of(places)); // (M, V)
            float[] all = logits.softmax().toFloatArray();
            int vocabulary = logits.dim(1);
            List<List<Fill>> fills = new ArrayList<>();
            for (int i = 0; i < places.length; i++) {
                int from = i * vocabulary;
                fills.add(IntStream.of(tokens.words())
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer id) -> -all[from + id]))
                        .limit(count)
                        .map(id -> new Fill(tokenizer.idToToken(id), id, all[from + id]))
                        .toList());
            }
            return fills;
        }
    }
}
