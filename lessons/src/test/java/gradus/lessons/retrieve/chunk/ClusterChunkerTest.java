package gradus.lessons.retrieve.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ClusterChunkerTest {
    private static String text(int sentences, int seed) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < sentences; i++) {
            text.append("s")
                    .append(seed * 31 + i * i)
                    .append("x".repeat((seed + i) % 4))
                    .append(". ");
        }
        return text.toString();
    }

    /// Σ over clusters and pairs of the cosine less the mean of all pairs, by loops over pairs.
    private static double worth(String text, List<Span> sentences, List<Integer> begins) {
        float[][] vectors = Texts.embedder()
                .embed(sentences.stream()
                        .map(each -> text.substring(each.start(), each.end()))
                        .toList());
        int n = vectors.length;
        double mean = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                mean += cosine(vectors[i], vectors[j]) / (n * (n - 1) / 2);
            }
        }
        double worth = 0;
        for (int c = 0; c < begins.size(); c++) {
            int end = c + 1 < begins.size() ? begins.get(c + 1) : n;
            for (int i = begins.get(c); i < end; i++) {
                for (int j = begins.get(c); j < end; j++) {
                    worth += i == j ? 0 : cosine(vectors[i], vectors[j]) - mean;
                }
            }
        }
        return worth;
    }

    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private static boolean fits(List<Span> sentences, int from, int to, int size) {
        return to == from + 1
                || sentences.get(to - 1).end() - sentences.get(from).start() <= size;
    }

    /// No way of dividing up to ten sentences, all of which are tried, is worth more.
    @Property(tries = 150)
    void theBestOfAllDivisions(
            @ForAll @IntRange(min = 1, max = 10) int count,
            @ForAll @IntRange(min = 0, max = 9999) int seed,
            @ForAll @IntRange(min = 1, max = 60) int size) {
        String text = text(count, seed);
        List<Span> sentences = Sentences.of(text);
        double best = Double.NEGATIVE_INFINITY;
        for (int cuts = 0; cuts < 1 << (count - 1); cuts++) {
            List<Integer> begins = new ArrayList<>(List.of(0));
            boolean fit = true;
            for (int i = 1; i <= count; i++) {
                if (i == count || (cuts >> (i - 1) & 1) == 1) {
                    fit &= fits(sentences, begins.getLast(), i, size);
                    if (i < count) {
                        begins.add(i);
                    }
                }
            }
            best = fit ? Math.max(best, worth(text, sentences, begins)) : best;
        }
        List<Integer> found = new ClusterChunker(Texts.embedder(), ChunkSize.of(size))
                .chunk(text).stream()
                        .map(chunk ->
                                sentences.stream().map(Span::start).toList().indexOf(chunk.start()))
                        .toList();
        // up to 90 products near 1, each off by some 1e-16, and the norms of float vectors by 1e-7 a piece
        assertThat(worth(text, sentences, found)).isCloseTo(best, within(1e-5));
    }

    @Test
    void anOverlapIsRefused() {
        assertThatThrownBy(() ->
                        new ClusterChunker(Texts.embedder(), ChunkSize.of(9).withOverlap(2)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no overlap; got 2");
    }
}
