package gradus.train.pretrained;

import static gradus.error.ConfigException.require;

import gradus.layers.model.BertEncoder;
import gradus.tensor.Autograd;
import gradus.tensor.Indices;
import gradus.tensor.Scope;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.KeyMask;
import gradus.tokenizer.Encoding;
import gradus.tokenizer.TokenizerPipeline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A vector for a text, near those of texts that mean the same: the mean of an encoder's states over all
/// tokens, scaled to length 1, so that the product of two vectors is their cosine. Reimers & Gurevych 2019,
/// "Sentence-BERT", arXiv:1908.10084; all-MiniLM-L6-v2 is such an encoder.
///
/// Texts of equal length go through the encoder together, so that nothing is padded.
public final class SentenceEmbedding {
    private static final int BATCH = 32;

    private final BertEncoder encoder;
    private final TokenizerPipeline tokenizer;

    /// @param encoder   put into evaluation
    /// @param tokenizer the encoder's own, which frames each text in its special tokens
    /// @throws gradus.error.ConfigException if the tokenizer has more tokens than the encoder
    public SentenceEmbedding(BertEncoder encoder, TokenizerPipeline tokenizer) {
        require(
                tokenizer.vocabularySize() <= encoder.config().vocabSize(),
                "SentenceEmbedding: the tokenizer has %d tokens, the encoder %d; they belong to different models",
                tokenizer.vocabularySize(),
                encoder.config().vocabSize());
        this.encoder = encoder;
        this.tokenizer = tokenizer;
        encoder.eval();
    }

    /// How many numbers a vector has.
    public int dim() {
        return encoder.config().dim();
    }

    /// The vector of a text.
    public float[] embed(String text) {
        return embed(List.of(text))[0];
    }

    /// The vectors of texts, in their order.
    ///
    /// @throws gradus.error.TokenizerException if a text is null
    /// @throws gradus.error.ConfigException    if one is longer than the encoder's context and the tokenizer
    ///                                         cuts none
    public float[][] embed(List<String> texts) {
        float[][] vectors = new float[texts.size()][];
        Map<Integer, List<Numbered>> byLength = new TreeMap<>();
        for (int i = 0; i < vectors.length; i++) {
            Encoding encoded = tokenizer.encodeForModel(texts.get(i));
            byLength.computeIfAbsent(encoded.ids().length, length -> new ArrayList<>())
                    .add(new Numbered(i, encoded));
        }
        for (List<Numbered> alike : byLength.values()) {
            for (int from = 0; from < alike.size(); from += BATCH) {
                embed(alike.subList(from, Math.min(alike.size(), from + BATCH)), vectors);
            }
        }
        return vectors;
    }

    /// A text's tokens and its place in the list.
    private record Numbered(int place, Encoding encoded) {}

    private void embed(Collection<Numbered> alike, float[][] vectors) {
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            Indices ids = stack(alike.stream().map(text -> text.encoded.ids()).toList());
            Indices types =
                    stack(alike.stream().map(text -> text.encoded.typeIds()).toList());
            Tensor states = encoder.forward(ids, types, KeyMask.full()); // (B, T, C)
            Tensor mean = states.mean(1); // (B, C)
            Tensor length = mean.square().sum(1, true).sqrt(); // (B, 1)
            float[] all = mean.div(length).toFloatArray();
            int row = 0;
            for (Numbered text : alike) {
                vectors[text.place] = Arrays.copyOfRange(all, row * dim(), (row + 1) * dim());
                row++;
            }
        }
    }

    private static Indices stack(List<int[]> rows) {
        int time = rows.getFirst().length;
        int[] all = new int[rows.size() * time];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, all, i * time, time);
        }
        return Indices.of(Shape.of(rows.size(), time), all); // (B, T)
    }
}
