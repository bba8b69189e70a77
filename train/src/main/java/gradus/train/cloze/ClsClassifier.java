package gradus.train.cloze;

import static gradus.error.ConfigException.require;

import gradus.layers.model.BertClassifier;
import gradus.layers.model.BertMaskedLm;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.train.corpus.ControlTokens;
import gradus.train.task.EncoderTokens;
import gradus.train.task.PaddedRows;
import java.util.List;
import java.util.Map;

/// Tells classes by a new head on the state of `[CLS]`, as BERT was first fine-tuned: `[CLS] text [SEP]`, or
/// `[CLS] text [SEP] text2 [SEP]`. Devlin et al. 2018, arXiv:1810.04805, section 4.1. The head and the pooler
/// start with random weights, so the model knows nothing of the classes before it has seen examples.
///
/// All texts are of segment 0, as in the training of the masked-language model.
public final class ClsClassifier implements TextClassifier {
    private final BertClassifier model;
    private final Tokenizer tokenizer;
    private final EncoderTokens tokens;
    private final int classes;
    private final int context;

    private ClsClassifier(BertClassifier model, Tokenizer tokenizer, int classes, int context) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.tokens = ControlTokens.of(tokenizer);
        this.classes = classes;
        this.context = context;
    }

    /// With the encoder of a masked-language model, which is copied.
    ///
    /// @param rng random numbers for the pooler and the head
    public static ClsClassifier of(BertMaskedLm trained, Tokenizer tokenizer, int classes, Rng rng) {
        BertClassifier model = new BertClassifier(trained.config(), classes, rng);
        Map<String, Tensor> from = trained.namedParameters();
        model.namedParameters().forEach((name, parameter) -> {
            if (from.containsKey(name)) { // pooler and head are new
                parameter.copyFrom(from.get(name));
            }
        });
        return new ClsClassifier(model, tokenizer, classes, trained.config().context());
    }

    @Override
    public BertClassifier model() {
        return model;
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public Tensor scores(List<List<String>> examples) {
        PaddedRows rows = PaddedRows.of(examples.stream().map(this::framed).toList(), tokens.pad());
        return model.forward(rows.ids(), rows.segments(), rows.mask()); // (B, K)
    }

    private int[] framed(List<String> texts) {
        int room = context - 1 - texts.size();
        require(room >= texts.size(), "a context of %d is too short for %d texts", context, texts.size());
        List<int[]> ids = texts.stream().map(tokenizer::encode).toList();
        int[] kept =
                Pattern.shortened(ids.stream().mapToInt(each -> each.length).toArray(), room);
        int count = 1;
        for (int each : kept) {
            count += each + 1;
        }
        int[] framed = new int[count];
        framed[0] = tokens.cls();
        int at = 1;
        for (int i = 0; i < kept.length; i++) {
            System.arraycopy(ids.get(i), 0, framed, at, kept[i]);
            at += kept[i];
            framed[at++] = tokens.sep();
        }
        return framed;
    }
}
