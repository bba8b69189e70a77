package gradus.train.pretrained;

import static gradus.error.ConfigException.require;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.DataException;
import gradus.error.ResourceException;
import gradus.layers.Layer;
import gradus.layers.adapter.Quantization;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.RewardModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.checkpoint.RawSource;
import gradus.train.checkpoint.SafetensorsWriter;
import gradus.train.checkpoint.Weights;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import tools.jackson.databind.node.ObjectNode;

/// A reward model in a folder as Hugging Face's libraries write and read it, and as TRL trains it: a
/// `GPT2ForSequenceClassification`, or that of a Llama, Mistral, Qwen2 or Mixtral, with one label. Its scores
/// are those of `AutoModelForSequenceClassification`.
///
/// ```java
/// RewardFolder reward = RewardFolder.load(Path.of("reward/model"));
/// double[] scores = reward.scores(List.of(reward.tokenizer().encode("The sky is blue.")));
/// ```
///
/// A text is scored at its last token that is not padding, see [RewardModel#lengths]. Padding is the
/// tokenizer's own token for it, or, as in TRL, the token that ends a text where there is none; the score is
/// then that of the token before the end.
///
/// @param path    the folder
/// @param model   in evaluation
/// @param padding the id of padding, or -1 where config.json names none
public record RewardFolder(Path path, RewardModel model, int padding) {
    private static final String CONFIG = "config.json";
    private static final String PAD = "pad_token_id";
    private static final int TOGETHER = 64; // texts of one pass

    // --- reading

    /// Opens the reward model in a folder.
    ///
    /// @throws DataException               if there is no such folder or a file of it is missing
    /// @throws CorruptCheckpointException  if a file is damaged
    /// @throws CheckpointMismatchException if the folder holds no reward model of a kind that is known, or
    ///     files contradict each other
    public static RewardFolder load(Path folder) {
        Path file = folder.resolve(CONFIG);
        ModelConfigJson config = new ModelConfigJson(file, CheckpointJson.read(file));
        if (!config.architecture().endsWith(PublishedScorer.KIND)) {
            throw config.mismatch("holds %s and no reward model; gradus align --method rm makes one"
                    .formatted(config.architecture().isEmpty() ? "a run" : "a " + config.architecture()));
        }
        if (config.text("model_type", "").equals("bert")) {
            throw config.mismatch("holds a classifier on an encoder; a reward model is a decoder with one label");
        }
        config.requireOnly(BitsAndBytes.CONFIG, !BitsAndBytes.isTold(config));
        RawSource source = HuggingFaceFolder.weights(folder);
        PublishedModel published = new PublishedScorer(HuggingFaceFolder.decoder(config, true));
        PublishedTensors tensors = new PublishedTensors(source, published);
        LanguageModel decoder = (LanguageModel) HuggingFaceFolder.build(config, published, tensors);
        Weights.load(tensors, decoder);
        RewardModel model = new RewardModel(decoder, Rng.of(0));
        loadScore(source, model);
        List<Integer> padding = config.ids(PAD);
        int pad = padding.isEmpty() ? -1 : padding.getFirst();
        if (pad >= decoder.vocabSize()) {
            throw new CorruptCheckpointException(
                    "%s: %s must be a token of the %s; got %s".formatted(file, PAD, decoder.vocabSize(), pad));
        }
        return new RewardFolder(folder, model.eval(), pad);
    }

    private static void loadScore(RawSource source, RewardModel model) {
        Tensor own = score(model);
        long[] shape = {own.dim(0), own.dim(1)};
        if (!source.names().contains(PublishedScorer.SCORE)) {
            throw new CheckpointMismatchException(
                    "%s: has no tensor %s, the head".formatted(source.origin(), PublishedScorer.SCORE));
        }
        if (!Arrays.equals(source.shape(PublishedScorer.SCORE), shape)) {
            throw new CheckpointMismatchException("%s: %s has shape %s; a reward model's head is %s, one label"
                    .formatted(
                            source.origin(),
                            PublishedScorer.SCORE,
                            Arrays.toString(source.shape(PublishedScorer.SCORE)),
                            Arrays.toString(shape)));
        }
        try (var scope = Scope.open()) {
            Tensor read = source.read(PublishedScorer.SCORE).to(own.dtype());
            if (!Arrays.stream(read.toArray()).allMatch(Double::isFinite)) {
                throw new CorruptCheckpointException(
                        "%s: %s holds numbers that are not finite".formatted(source.origin(), PublishedScorer.SCORE));
            }
            own.copyFrom(read);
        }
    }

    private static Tensor score(RewardModel model) {
        return model.namedParameters().get(PublishedScorer.SCORE);
    }

    /// The tokenizer in the folder.
    ///
    /// @throws DataException if there is none
    public Tokenizer tokenizer() {
        return Tokenizers.load(path);
    }

    // --- scoring

    /// The score of each text, whatever the others are.
    ///
    /// @param texts ids, at least one each
    /// @throws gradus.error.ConfigException if a text is empty, or longer than the context
    public double[] scores(List<int[]> texts) {
        double[] scores = new double[texts.size()];
        for (int from = 0; from < scores.length; from += TOGETHER) {
            List<int[]> some = texts.subList(from, Math.min(scores.length, from + TOGETHER));
            try (var pause = Autograd.noGrad();
                    var scope = Scope.open()) {
                double[] said = scored(some);
                System.arraycopy(said, 0, scores, from, said.length);
            }
        }
        return scores;
    }

    private double[] scored(List<int[]> texts) {
        int time = texts.stream().mapToInt(text -> text.length).max().orElseThrow();
        int[] ids = new int[texts.size() * time];
        int[] lengths = new int[texts.size()];
        Arrays.fill(ids, Math.max(0, padding));
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = texts.get(i).length;
            require(lengths[i] > 0, "a text to be scored must have at least 1 token");
            System.arraycopy(texts.get(i), 0, ids, i * time, lengths[i]);
        }
        Indices rows = Indices.of(Shape.of(texts.size(), time), ids); // (B, T)
        return model.forward(rows, padding < 0 ? lengths : RewardModel.lengths(rows, padding))
                .toArray();
    }

    /// SHA-256 of the weights, which tells this reward model from any other.
    public String sum() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            model.namedParameters().values().forEach(parameter -> {
                float[] values = parameter.toFloatArray();
                ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
                bytes.asFloatBuffer().put(values);
                digest.update(bytes.array());
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    // --- writing

    /// The padding that [#save] names: the tokenizer's own, else the one of generation, else the token that
    /// ends a text, else 0.
    public static int padding(Tokenizer tokenizer, GenerationConfig generation) {
        SpecialTokens roles = TokenRoles.of(tokenizer, generation);
        return roles.pad()
                .orElse(generation
                        .pad()
                        .orElse(roles.eos().isEmpty() ? 0 : roles.eos().getFirst()));
    }

    /// Writes a reward model with its tokenizer. A head of the language model that predicts tokens is left out.
    ///
    /// @throws CheckpointMismatchException if the language model is no published kind of model, or quantised,
    ///     or the tokenizer has more tokens
    /// @throws ResourceException if the disk is full or refuses
    public static void save(Path folder, RewardModel reward, Tokenizer tokenizer, GenerationConfig generation) {
        LanguageModel model = (LanguageModel) Composed.published(reward.model());
        PublishedModel published = new PublishedScorer(HuggingFaceFolder.published(model));
        HuggingFaceFolder.requireTokens(tokenizer, model);
        if (!Quantization.matrices(model).isEmpty()) {
            throw new CheckpointMismatchException("a reward model with quantised weights cannot be written");
        }
        SpecialTokens roles = TokenRoles.of(tokenizer, generation);
        int pad = padding(tokenizer, generation);
        if (roles.pad().isEmpty() && roles.eos().contains(pad)) {
            roles = roles.withPad(pad);
        }
        ObjectNode config = CheckpointJson.object();
        published.describe(config);
        config.put("dtype", "float32").put("torch_dtype", "float32");
        generation.withTokens(roles.bos(), roles.eos(), roles.pad()).describeTokens(config);
        config.put(PAD, pad);
        HuggingFaceFolder.createFolder(folder);
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
            model.state().forEach((name, tensor) -> {
                String fileName = published.fileName(name);
                if (fileName != null) {
                    tensors.put(fileName, published.transposed(name) ? tensor.transpose(0, 1) : tensor);
                }
            });
            tensors.put(PublishedScorer.SCORE, score(reward));
            SafetensorsWriter.write(folder.resolve(HuggingFaceFolder.WEIGHTS), tensors, SafetensorsWriter.METADATA);
        }
        CheckpointJson.write(folder.resolve(CONFIG), config);
        Tokenizers.save(tokenizer, folder);
        TokenRoles.write(folder, tokenizer, roles, model.context());
    }

    /// Throws unless [#save] can write a reward model over this language model.
    ///
    /// @throws CheckpointMismatchException if it is no published kind of model
    public static void requirePublished(Layer model) {
        HuggingFaceFolder.requirePublished(Composed.published(model));
    }
}
