package gradus.bench;

import gradus.tokenizer.Encoding;
import gradus.tokenizer.TokenizerPipeline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Texts in batches of 32, each padded to its longest, so that two encoders can be given the very same work.
final class PaddedBatches {
    private static final int BATCH = 32;

    /// What makes a vector of each text of a batch.
    interface Encoder {
        float[][] embed(Batch batch);
    }

    /// @param ids   (B, T), 0 where nothing stands
    /// @param types (B, T)
    /// @param valid (B, T), 1 where a token stands
    record Batch(int texts, int time, int[] ids, int[] types, int[] valid, int[] lengths) {

        static Batch of(List<Encoding> encoded) {
            int texts = encoded.size();
            int time =
                    encoded.stream().mapToInt(text -> text.ids().length).max().orElseThrow();
            Batch batch = new Batch(
                    texts, time, new int[texts * time], new int[texts * time], new int[texts * time], new int[texts]);
            for (int i = 0; i < texts; i++) {
                Encoding text = encoded.get(i);
                batch.lengths[i] = text.ids().length;
                for (int t = 0; t < batch.lengths[i]; t++) {
                    batch.ids[i * time + t] = text.ids()[t];
                    batch.types[i * time + t] = text.typeIds()[t];
                    batch.valid[i * time + t] = 1;
                }
            }
            return batch;
        }

        int positions() {
            return texts * time;
        }

        /// The mean over each text's own states, scaled to length 1.
        ///
        /// @param states (B, T, C) in row-major order
        float[][] means(float[] states) {
            int dim = states.length / positions();
            float[][] means = new float[texts][dim];
            for (int i = 0; i < texts; i++) {
                for (int t = 0; t < lengths[i]; t++) {
                    for (int c = 0; c < dim; c++) {
                        means[i][c] += states[(i * time + t) * dim + c];
                    }
                }
                scaleToOne(means[i]);
            }
            return means;
        }

        private static void scaleToOne(float[] vector) {
            double square = 0;
            for (float each : vector) {
                square += each * each;
            }
            float scale = (float) (1 / Math.sqrt(square));
            for (int c = 0; c < vector.length; c++) {
                vector[c] *= scale;
            }
        }
    }

    private final TokenizerPipeline tokenizer;
    private final boolean sorted;

    /// @param sorted whether texts of like length go together, or those that stand together
    PaddedBatches(TokenizerPipeline tokenizer, boolean sorted) {
        this.tokenizer = tokenizer;
        this.sorted = sorted;
    }

    /// The vectors of texts, in their order; tokenising is part of it.
    float[][] embed(List<String> texts, Encoder encoder) {
        List<Encoding> encoded = encode(texts);
        List<Integer> order = order(encoded);
        float[][] vectors = new float[texts.size()][];
        for (int from = 0; from < order.size(); from += BATCH) {
            List<Integer> places = order.subList(from, Math.min(order.size(), from + BATCH));
            float[][] some =
                    encoder.embed(Batch.of(places.stream().map(encoded::get).toList()));
            for (int i = 0; i < some.length; i++) {
                vectors[places.get(i)] = some[i];
            }
        }
        return vectors;
    }

    /// How many positions an encoder computes, padding included.
    long positions(List<String> texts) {
        List<Encoding> encoded = encode(texts);
        List<Integer> order = order(encoded);
        long positions = 0;
        for (int from = 0; from < order.size(); from += BATCH) {
            List<Integer> places = order.subList(from, Math.min(order.size(), from + BATCH));
            positions += Batch.of(places.stream().map(encoded::get).toList()).positions();
        }
        return positions;
    }

    private List<Encoding> encode(List<String> texts) {
        List<Encoding> encoded = new ArrayList<>();
        for (String text : texts) {
            encoded.add(tokenizer.encodeForModel(text));
        }
        return encoded;
    }

    private List<Integer> order(List<Encoding> encoded) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, encoded.size()).boxed().toList());
        if (sorted) {
            order.sort(Comparator.comparingInt(i -> encoded.get(i).ids().length));
        }
        return order;
    }
}
