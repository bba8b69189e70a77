package gradus.train.cloze;

import gradus.layers.model.BertMaskedLm;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tokenizer.Tokenizer;
import gradus.train.corpus.ControlTokens;
import gradus.train.task.EncoderTokens;
import gradus.train.task.PaddedRows;
import java.util.List;

/// Tells classes by a cloze: a [Pattern] puts the texts around a gap, the masked-language model fills it, and
/// a [Verbalizer] reads the label off the words that it considers. No parameter is new, so the model can do
/// something before it has seen any example. Schick & Schütze 2021, arXiv:2001.07676. Their auxiliary
/// masked-language loss is [AuxiliaryMaskedLm]; their distillation on unlabelled texts is left out.
public final class ClozeClassifier implements TextClassifier {
    private final BertMaskedLm model;
    private final Pattern pattern;
    private final Verbalizer verbalizer;
    private final EncoderTokens tokens;

    /// @param tokenizer the model's, which the pattern and the verbalizer were made with
    public ClozeClassifier(BertMaskedLm model, Pattern pattern, Verbalizer verbalizer, Tokenizer tokenizer) {
        this.model = model;
        this.pattern = pattern;
        this.verbalizer = verbalizer;
        this.tokens = ControlTokens.of(tokenizer);
    }

    @Override
    public BertMaskedLm model() {
        return model;
    }

    @Override
    public int classes() {
        return verbalizer.labels().size();
    }

    @Override
    public Tensor scores(List<List<String>> examples) {
        int context = model.config().context();
        List<Pattern.Cloze> clozes =
                examples.stream().map(texts -> pattern.fill(texts, context)).toList();
        PaddedRows rows = PaddedRows.of(clozes.stream().map(Pattern.Cloze::ids).toList(), tokens.pad());
        int time = rows.ids().shape().dim(1);
        int[] gaps = new int[clozes.size()];
        for (int b = 0; b < gaps.length; b++) {
            gaps[b] = b * time + clozes.get(b).mask();
        }
        Tensor logits = model.forward(rows.ids(), rows.segments(), rows.mask(), Indices.of(gaps)); // (B, V)
        return verbalizer.scores(logits); // (B, K)
    }
}
