package gradus.bench.retrieve;

import gradus.error.DataException;
import gradus.lessons.retrieve.embed.NamedEmbedder;
import gradus.tensor.Tensor;
import gradus.train.checkpoint.Safetensors;
import gradus.train.checkpoint.SafetensorsWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The vectors of texts that were embedded before, so that what is timed is the search and not the embedding.
final class KeptVectors implements NamedEmbedder {
    /// How many texts are embedded together, as `gradus rag index` does.
    static final int BATCH = 1000;

    private static final String VECTORS = "vectors";

    private final String name;
    private final int dim;
    private final List<String> texts;
    private final float[][] vectors; // (N, C)
    private final double seconds;
    private final Map<String, float[]> byText = new HashMap<>();

    private KeptVectors(String name, List<String> texts, float[][] vectors, double seconds) {
        this.name = name;
        this.dim = vectors[0].length;
        this.texts = texts;
        this.vectors = vectors;
        this.seconds = seconds;
        keep(texts, vectors);
    }

    private void keep(List<String> more, float[][] theirs) {
        for (int i = 0; i < theirs.length; i++) {
            byText.put(more.get(i), theirs[i]);
        }
    }

    /// Embeds texts, and measures how long that takes.
    static KeptVectors of(NamedEmbedder embedder, List<String> texts) {
        long start = System.nanoTime();
        List<float[]> vectors = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += BATCH) {
            List<String> batch = texts.subList(from, Math.min(texts.size(), from + BATCH));
            vectors.addAll(Arrays.asList(embedder.embed(batch)));
        }
        double seconds = (System.nanoTime() - start) * 1e-9;
        return new KeptVectors(embedder.name(), texts, vectors.toArray(float[][]::new), seconds);
    }

    /// Reads what [#save] has written.
    ///
    /// @param name of the embedder
    /// @throws DataException if the file has vectors of other texts, or of another embedder
    static KeptVectors load(Path file, String name, List<String> texts) {
        Safetensors saved = Safetensors.open(file);
        Map<String, String> told = saved.metadata();
        if (!digest(texts).equals(told.get("texts"))
                || !name.equals(told.get("embedder"))
                || !told.getOrDefault("seconds", "").matches("[0-9.E-]+")) {
            throw new DataException(file + " has vectors of other texts or of another embedder; name another file");
        }
        float[] all = saved.read(VECTORS).toFloatArray();
        int dim = all.length / texts.size();
        float[][] vectors = new float[texts.size()][];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = Arrays.copyOfRange(all, i * dim, (i + 1) * dim);
        }
        return new KeptVectors(name, texts, vectors, Double.parseDouble(told.get("seconds")));
    }

    /// Writes them into a safetensors file, with how long it took to make them.
    void save(Path file) {
        SafetensorsWriter.write(
                file,
                new LinkedHashMap<>(Map.of(VECTORS, Tensor.of(vectors))),
                Map.of("texts", digest(texts), "embedder", name, "seconds", Double.toString(seconds)));
    }

    private static String digest(List<String> texts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String text : texts) {
                digest.update(text.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) '\n');
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /// Keeps the vectors of further texts.
    void add(NamedEmbedder embedder, List<String> more) {
        keep(more, embedder.embed(more));
    }

    /// How long it took to make the vectors of the texts.
    double seconds() {
        return seconds;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int dim() {
        return dim;
    }

    @Override
    public float[][] embed(List<String> asked) {
        return asked.stream()
                .map(text -> {
                    float[] vector = byText.get(text);
                    if (vector == null) {
                        throw new IllegalStateException("nobody has embedded \"" + text + "\"");
                    }
                    return vector;
                })
                .toArray(float[][]::new);
    }
}
