package gradus.lessons.retrieve.chunk;

import gradus.layers.model.config.BertConfig;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.tokenizer.train.WordPieceFrequencyTrainer;
import gradus.tokenizer.train.WordPieceTrainerOptions;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.checkpoint.Weights;
import gradus.train.cloze.Classification;
import gradus.train.cloze.Example;
import gradus.train.pretrained.HuggingFaceFolder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ObjectNode;

/// A small encoder, trained here, that tells of two neighbouring sentences whether the second begins something
/// new: see [PairClassifier] for its form and [BoundaryPairs] for what it learns from. Weights are random at
/// first, and the vocabulary is made from the same sentences, so it learns which words go together in the texts
/// that it was trained on, and little that would help with others.
public final class BoundaryModel implements BoundaryScorer {
    /// What the weights' file is called in a folder.
    public static final String WEIGHTS = "model.safetensors";

    private static final String CONFIG = "boundaries.json";
    private static final int VOCABULARY = 4096;
    private static final int CONTEXT = 64;
    private static final int BATCH = 32;
    private static final double RATE = 1e-3;

    private final PairClassifier classifier;
    private final Tokenizer tokenizer;
    private final BertConfig config;

    private BoundaryModel(Tokenizer tokenizer, BertConfig config, Rng rng) {
        this.tokenizer = tokenizer;
        this.config = config;
        this.classifier = new PairClassifier(config, tokenizer, rng);
    }

    /// Trains one.
    ///
    /// @throws gradus.error.DataException if the pairs are none
    public static BoundaryModel train(BoundaryPairs pairs, int steps, long seed, TrainingListener listener) {
        Tokenizer tokenizer = new WordPieceFrequencyTrainer(WordPieceTrainerOptions.of(VOCABULARY))
                .train(pairs.training().stream()
                        .flatMap(each -> each.texts().stream())
                        .distinct()
                        .toList());
        BertConfig config = new BertConfig(tokenizer.vocabularySize(), CONTEXT, 2, 2, 4, 64, 256, 0.0, 1e-12);
        BoundaryModel model = new BoundaryModel(tokenizer, config, Rng.of(seed));
        TrainConfig plan = TrainConfig.defaults()
                .withSteps(steps)
                .withWarmup(steps / 10)
                .withBatchSize(BATCH)
                .withLr(RATE)
                .withMinLr(RATE / 10)
                .withEvalEvery(0);
        Classification task = new Classification(
                model.classifier,
                pairs.training(),
                List.of(),
                plan.batches(),
                Rng.of(seed).at("order"));
        Trainer.of(task, plan).listen(listener).run();
        model.classifier.model().eval();
        return model;
    }

    /// Writes weights, sizes and vocabulary into a folder.
    ///
    /// @throws gradus.error.ResourceException if it cannot be written
    public void save(Path folder) {
        HuggingFaceFolder.createFolder(folder);
        Weights.save(folder.resolve(WEIGHTS), classifier.model());
        Tokenizers.save(tokenizer, folder);
        ObjectNode json = CheckpointJson.object();
        json.put("context", config.context())
                .put("layers", config.layers())
                .put("heads", config.heads())
                .put("dim", config.dim())
                .put("hidden", config.hidden());
        CheckpointJson.write(folder.resolve(CONFIG), json);
    }

    /// Opens a folder that [#save] has written.
    ///
    /// @throws gradus.error.GradusException if a file is missing or damaged
    public static BoundaryModel load(Path folder) {
        ObjectNode json = CheckpointJson.read(folder.resolve(CONFIG));
        Tokenizer tokenizer = Tokenizers.load(folder);
        BertConfig config = new BertConfig(
                tokenizer.vocabularySize(),
                json.path("context").asInt(),
                2,
                json.path("layers").asInt(),
                json.path("heads").asInt(),
                json.path("dim").asInt(),
                json.path("hidden").asInt(),
                0.0,
                1e-12);
        BoundaryModel model = new BoundaryModel(tokenizer, config, Rng.of(0));
        Weights.load(folder.resolve(WEIGHTS), model.classifier.model());
        model.classifier.model().eval();
        return model;
    }

    @Override
    public double[] boundaries(List<String> sentences) {
        return probabilities(IntStream.range(1, sentences.size())
                .mapToObj(i -> List.of(sentences.get(i - 1), sentences.get(i)))
                .toList());
    }

    /// For pairs of sentences, the probability that the second begins something new.
    private double[] probabilities(List<List<String>> pairs) {
        return Arrays.stream(classifier.probabilities(pairs))
                .mapToDouble(classes -> classes[BoundaryPairs.NEW])
                .toArray();
    }

    /// Which share of pairs it tells right, with 1/2 as the threshold. Half of them are of each class, so
    /// guessing gives 1/2.
    ///
    /// @param pairs not those that it was trained on
    public double accuracy(List<Example> pairs) {
        double[] found = probabilities(pairs.stream().map(Example::texts).toList());
        int right = 0;
        for (int i = 0; i < found.length; i++) {
            right += (found[i] > 0.5) == (pairs.get(i).label() == BoundaryPairs.NEW) ? 1 : 0;
        }
        return (double) right / found.length;
    }
}
