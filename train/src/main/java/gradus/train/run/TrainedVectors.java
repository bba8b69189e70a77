package gradus.train.run;

import gradus.layers.model.BertEncoder;
import gradus.tensor.random.Rng;
import gradus.train.corpus.ControlTokens;
import gradus.train.pretrained.SentenceEmbedding;
import gradus.train.task.Contrastive;
import gradus.train.task.ContrastiveConfig;
import gradus.train.task.EncoderTokens;
import gradus.train.task.Task;
import gradus.train.task.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// An encoder that gives texts that belong together vectors that are near.
final class TrainedVectors implements Trained {
    private static final int SAMPLES = 10;
    private static final int CHOICES = 1000;

    private final RunSetup setup;
    private final BertEncoder encoder;
    private final EncoderTokens tokens;
    private final ContrastiveConfig config;

    TrainedVectors(RunSetup setup) {
        this.setup = setup;
        this.tokens = ControlTokens.of(setup.tokenizer());
        this.config = setup.config().contrastive();
        this.encoder = new BertEncoder(
                EncoderSize.encoder(setup.config().model()), Rng.of(seed()).at("init"));
    }

    private long seed() {
        return setup.config().train().seed();
    }

    @Override
    public BertEncoder model() {
        return encoder;
    }

    @Override
    public Task task() {
        return new Contrastive(
                encoder,
                setup.text().split(),
                tokens,
                config,
                setup.config().train().batches(),
                Rng.of(seed()).at("batches"));
    }

    @Override
    public String kind() {
        return "encoder";
    }

    /// Anchors that were held back, the passage that is nearest among a thousand, and their own.
    @Override
    public void sample(Consumer<String> sample) {
        Texts texts = Texts.every(
                setup.text().split().validation(), tokens, encoder.config().context());
        List<String> anchors = new ArrayList<>();
        List<String> passages = new ArrayList<>();
        for (int i = 0; i < Math.min(CHOICES, texts.count() / config.texts()); i++) {
            anchors.add(decoded(texts.at(i * config.texts())));
            passages.add(decoded(texts.at(i * config.texts() + 1)));
        }
        SentenceEmbedding embedding = SavedEmbedding.of(
                        encoder, setup.tokenizer(), setup.plan().folder().path())
                .embedding();
        float[][] choices = embedding.embed(passages);
        float[][] asked = embedding.embed(anchors.subList(0, Math.min(SAMPLES, anchors.size())));
        for (int i = 0; i < asked.length; i++) {
            int nearest = nearest(asked[i], choices);
            sample.accept("%s\n  nearest: %s\n  its own: %s\n"
                    .formatted(anchors.get(i), passages.get(nearest), passages.get(i)));
        }
    }

    private String decoded(int[] framed) {
        int[] words = new int[framed.length - 2];
        System.arraycopy(framed, 1, words, 0, words.length);
        return setup.tokenizer().decode(words);
    }

    private static int nearest(float[] asked, float[][] choices) {
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < choices.length; i++) {
            double cosine = 0;
            for (int c = 0; c < asked.length; c++) {
                cosine += (double) asked[c] * choices[i][c];
            }
            if (cosine > most) {
                most = cosine;
                best = i;
            }
        }
        return best;
    }
}
