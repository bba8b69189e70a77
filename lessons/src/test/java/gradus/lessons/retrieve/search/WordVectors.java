package gradus.lessons.retrieve.search;

import gradus.lessons.retrieve.embed.NamedEmbedder;
import gradus.tensor.random.Rng;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Texts as sums of random vectors, one for each word: texts that share words are near each other.
public final class WordVectors implements NamedEmbedder {
    private final int dim;
    private final Map<String, float[]> words = new ConcurrentHashMap<>();

    public WordVectors(int dim) {
        this.dim = dim;
    }

    @Override
    public int dim() {
        return dim;
    }

    @Override
    public String name() {
        return "words";
    }

    @Override
    public float[][] embed(List<String> texts) {
        return texts.stream().map(this::embed).toArray(float[][]::new);
    }

    private float[] embed(String text) {
        float[] sum = new float[dim];
        for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
            if (!word.isEmpty()) {
                float[] vector = words.computeIfAbsent(word, this::draw);
                for (int i = 0; i < dim; i++) {
                    sum[i] += vector[i];
                }
            }
        }
        return UnitVectors.unit(sum);
    }

    private float[] draw(String word) {
        Rng rng = Rng.of(5).at(word);
        float[] vector = new float[dim];
        for (int i = 0; i < dim; i++) {
            vector[i] = (float) rng.gaussian(i);
        }
        return vector;
    }
}
