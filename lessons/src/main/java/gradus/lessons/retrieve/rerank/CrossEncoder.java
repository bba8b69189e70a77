package gradus.lessons.retrieve.rerank;

import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.error.ResourceException;
import gradus.error.ShapeException;
import gradus.layers.Layer;
import gradus.layers.model.config.BertConfig;
import gradus.lessons.retrieve.search.Reranker;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.checkpoint.Weights;
import gradus.train.corpus.ControlTokens;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.run.SavedEmbedding;
import gradus.train.task.EncoderTokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.exc.JsonNodeException;
import tools.jackson.databind.node.ObjectNode;

/// Reads a question and a passage in one piece and scores how well they fit: the most exact reranker, and the
/// slowest, since nothing of a passage can be computed before the question is known. See [PairScorer] for its
/// form and [ListwiseRanking] for how it learns.
///
/// It starts from an encoder that was trained by `gradus train --task contrastive`, which knows what words have
/// to do with each other, and learns to look closer.
public final class CrossEncoder implements Reranker {
    private static final String WEIGHTS = "model.safetensors";
    private static final String CONFIG = "cross_encoder.json";
    private static final int BATCH = 16; // questions of a step
    private static final int SCORED = 64; // pairs that are scored at a time
    private static final double RATE = 5e-4;

    private final PairScorer model;
    private final Tokenizer tokenizer;
    private final EncoderTokens tokens;

    CrossEncoder(BertConfig config, Tokenizer tokenizer, Rng rng) {
        this.model = new PairScorer(config, rng);
        this.tokenizer = tokenizer;
        this.tokens = ControlTokens.of(tokenizer);
    }

    /// One that is not trained yet, with the weights of an encoder of texts.
    public static CrossEncoder of(SavedEmbedding start, Rng rng) {
        CrossEncoder made = new CrossEncoder(start.encoder().config(), start.tokenizer(), rng);
        Map<String, Tensor> from = start.encoder().namedParameters();
        made.model.encoder().namedParameters().forEach((name, parameter) -> parameter.copyFrom(from.get(name)));
        made.model.eval();
        return made;
    }

    /// Trains it.
    ///
    /// @throws gradus.error.DataException if there is no example, or lists are not equally long
    public void train(List<RankingExample> examples, int steps, long seed, TrainingListener listener) {
        TrainConfig plan = TrainConfig.defaults()
                .withSteps(steps)
                .withWarmup(steps / 10)
                .withLr(RATE)
                .withMinLr(RATE / 10)
                .withEvalEvery(0);
        model.train();
        Trainer.of(new ListwiseRanking(this, examples, BATCH, Rng.of(seed).at("ranking")), plan)
                .listen(listener)
                .run();
        model.eval();
    }

    Layer model() {
        return model;
    }

    /// **Shapes** N questions and N passages → (N)
    Tensor forward(List<String> queries, List<String> passages) {
        int context = model.encoder().config().context();
        List<PairScorer.Pair> pairs = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            pairs.add(PairScorer.pair(
                    tokenizer.encode(queries.get(i)),
                    tokenizer.encode(passages.get(i)),
                    tokens.cls(),
                    tokens.sep(),
                    context));
        }
        return model.forward(pairs, tokens.pad());
    }

    @Override
    public double[] scores(String query, List<String> texts) {
        double[] scores = new double[texts.size()];
        for (int from = 0; from < scores.length; from += SCORED) {
            List<String> some = texts.subList(from, Math.min(from + SCORED, scores.length));
            try (var pause = Autograd.noGrad();
                    var scope = Scope.open()) {
                double[] found =
                        forward(Collections.nCopies(some.size(), query), some).toArray();
                System.arraycopy(found, 0, scores, from, found.length);
            }
        }
        return scores;
    }

    /// Writes weights, sizes and vocabulary into a folder.
    ///
    /// @throws ResourceException if it cannot be written
    public void save(Path folder) {
        HuggingFaceFolder.createFolder(folder);
        Weights.save(folder.resolve(WEIGHTS), model);
        Tokenizers.save(tokenizer, folder);
        BertConfig config = model.encoder().config();
        ObjectNode json = CheckpointJson.object();
        json.put("vocabulary", config.vocabSize())
                .put("context", config.context())
                .put("layers", config.layers())
                .put("heads", config.heads())
                .put("dim", config.dim())
                .put("hidden", config.hidden());
        CheckpointJson.write(folder.resolve(CONFIG), json);
    }

    /// Whether a folder looks like one that [#save] has written.
    public static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(CONFIG));
    }

    /// Opens a folder that [#save] has written.
    ///
    /// @throws gradus.error.GradusException if a file is missing or damaged
    public static CrossEncoder load(Path folder) {
        Path file = folder.resolve(CONFIG);
        ObjectNode json = CheckpointJson.read(file);
        CrossEncoder made;
        try {
            BertConfig config = new BertConfig(
                    json.path("vocabulary").asInt(),
                    json.path("context").asInt(),
                    2,
                    json.path("layers").asInt(),
                    json.path("heads").asInt(),
                    json.path("dim").asInt(),
                    json.path("hidden").asInt(),
                    0.0,
                    1e-12);
            made = new CrossEncoder(config, Tokenizers.load(folder), Rng.of(0));
        } catch (ConfigException | ShapeException | JsonNodeException impossible) { // missing, or no size of a model
            throw new CorruptCheckpointException(file + ": " + impossible.getMessage(), impossible);
        }
        Weights.load(folder.resolve(WEIGHTS), made.model);
        made.model.eval();
        return made;
    }
}
