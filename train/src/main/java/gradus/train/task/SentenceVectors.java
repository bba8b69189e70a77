package gradus.train.task;

import gradus.layers.model.BertEncoder;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// The vectors of token sequences while an encoder learns: the mean of each one's states, padding left out,
///
/// `v = Σ_t m_t·x_t / Σ_t m_t`, m_t = 1 for a token of the text and 0 for padding
///
/// Reimers & Gurevych 2019, arXiv:1908.10084. Sequences of similar length go through the encoder together, so
/// that little is padded. [gradus.train.pretrained.SentenceEmbedding] does the same with what was learnt.
final class SentenceVectors {
    private static final int GROUP = 64; // sequences that are padded to one length

    private SentenceVectors() {}

    /// **Shapes** N sequences → (N, C), not scaled
    static Tensor of(BertEncoder encoder, List<int[]> rows, int pad) {
        List<Integer> shortFirst = IntStream.range(0, rows.size())
                .boxed()
                .sorted(Comparator.comparingInt(row -> rows.get(row).length))
                .toList();
        List<Tensor> groups = new ArrayList<>();
        int[] places = new int[rows.size()];
        for (int from = 0; from < rows.size(); from += GROUP) {
            int to = Math.min(from + GROUP, rows.size());
            groups.add(means(
                    encoder,
                    shortFirst.subList(from, to).stream().map(rows::get).toList(),
                    pad));
            for (int i = from; i < to; i++) {
                places[shortFirst.get(i)] = i;
            }
        }
        Tensor sorted = groups.size() == 1 ? groups.getFirst() : Tensor.concat(0, groups.toArray(Tensor[]::new));
        return sorted.indexSelect(0, Indices.of(places)); // (N, C)
    }

    /// **Shapes** B sequences → (B, C)
    private static Tensor means(BertEncoder encoder, List<int[]> sequences, int pad) {
        PaddedRows rows = PaddedRows.of(sequences, pad);
        int batch = sequences.size();
        int time = rows.ids().shape().dim(1);
        double[] shares = new double[batch * time];
        for (int b = 0; b < batch; b++) {
            int length = sequences.get(b).length;
            Arrays.fill(shares, b * time, b * time + length, 1.0 / length);
        }
        Tensor states = encoder.forward(rows.ids(), rows.segments(), rows.mask()); // (B, T, C)
        Tensor weights = Tensor.of(shares, batch, 1, time).to(states.dtype()); // (B, 1, T)
        return weights.matmul(states).reshape(batch, states.dim(2)); // (B, C)
    }
}
