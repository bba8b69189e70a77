package gradus.layers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.attention.cache.KvCaches;
import gradus.layers.attention.cache.PackedDocuments;
import gradus.layers.attention.cache.PackedRows;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Positions;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.KeyRanges;
import gradus.tensor.mask.Query;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class PackedDocumentsTest {
    private static final int TIME = 8;
    private static final int VOCAB = 7;

    /// The documents of two rows of 8 places, with what is left of a row as padding.
    @Provide
    static Arbitrary<int[][]> rows() {
        return Arbitraries.integers()
                .between(1, TIME)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(PackedDocumentsTest::fitting)
                .array(int[][].class)
                .ofSize(2);
    }

    private static int[] fitting(List<Integer> lengths) {
        int[] left = {TIME};
        return lengths.stream()
                .mapToInt(length -> Math.min(length, left[0]))
                .peek(length -> left[0] -= length)
                .filter(length -> length > 0)
                .toArray();
    }

    @Provide
    static Arbitrary<LanguageModel> models() {
        return StepwiseTest.models();
    }

    /// Each document has the logits that it has alone, whatever stands beside it.
    @Property(tries = 200)
    void eachIsComputedAsIfItWereAlone(
            @ForAll("models") LanguageModel model, @ForAll("rows") int[][] rows, @ForAll long seed) {
        PackedDocuments documents = PackedDocuments.of(TIME, rows);
        int[] ids = new int[2 * TIME];
        Arrays.setAll(ids, i -> Rng.of(seed).index(i, VOCAB));
        Indices all = Indices.of(Shape.of(2, TIME), ids);
        if (!model.packable()) {
            refused("positions are counted from the first place of a row", () -> model.forward(all, documents));
            return;
        }
        try (var pause = Autograd.noGrad()) {
            double[] together = model.forward(all, documents).toArray();
            for (int row = 0; row < 2; row++) {
                int first = row * TIME;
                for (int length : rows[row]) {
                    int[] own = Arrays.copyOfRange(ids, first, first + length);
                    double[] alone =
                            model.forward(Indices.of(Shape.of(1, length), own)).toArray();
                    assertThat(Arrays.copyOfRange(together, first * VOCAB, (first + length) * VOCAB))
                            .containsExactly(alone, within(1e-12)); // logits below 10: the same sums in another order
                    first += length;
                }
            }
        }
    }

    @Property(tries = 200)
    void positionsBeginAnewWithEachDocument(@ForAll("rows") int[][] rows) {
        PackedDocuments documents = PackedDocuments.of(TIME, rows);
        int[] expected = new int[2 * TIME];
        for (int row = 0; row < 2; row++) {
            int place = row * TIME;
            for (int length : rows[row]) {
                for (int i = 0; i < length; i++) {
                    expected[place++] = i;
                }
            }
        }
        assertThat(documents.positions().values()).isEqualTo(expected);
        assertThat(documents.positions().shape()).isEqualTo(Shape.of(2, TIME));
        KvCaches caches = KvCaches.packed(3, documents);
        assertThat(caches.positions(TIME).values()).isEqualTo(expected);
        assertThat(caches.count()).isEqualTo(3);
        assertThat(caches.padded()).isTrue();
        assertThat(caches.arePacked()).isTrue();
        assertThat(((PackedRows) caches.get(2)).documents()).isSameAs(documents);
    }

    /// Head h sees the last h + 1 keys: another window for each.
    private record Windows() implements KeyMask {
        @Override
        public void see(Query query) {
            query.sees(Math.max(0, query.position() - query.head()), query.position() + 1);
        }

        @Override
        public boolean byHead() {
            return true;
        }

        @Override
        public boolean cacheable() {
            return true;
        }
    }

    @Property(tries = 200)
    void aMaskIsMovedToEachDocument(@ForAll("rows") int[][] rows) {
        PackedDocuments documents = PackedDocuments.of(TIME, rows);
        KeyMask mask = documents.within(new Windows());
        assertThat(mask.byHead()).isTrue();
        assertThat(mask.bySequence()).isTrue();
        assertThat(documents.within(KeyMask.causal()).byHead()).isFalse();
        KeyRanges seen = KeyRanges.of(mask, 2, 3, TIME, TIME);
        for (int row = 0; row < 2; row++) {
            int[] begin = new int[TIME];
            Arrays.fill(begin, TIME); // padding sees nothing
            int place = 0;
            for (int length : rows[row]) {
                Arrays.fill(begin, place, place + length, place);
                place += length;
            }
            for (int head = 0; head < 3; head++) {
                for (int i = 0; i < TIME; i++) {
                    for (int j = 0; j < TIME; j++) {
                        assertThat(seen.seen(row, head, i, j)).isEqualTo(j <= i && j >= Math.max(begin[i], i - head));
                    }
                }
            }
        }
    }

    @Test
    void badInput() {
        refused("a row must have at least 1 place; got 0", () -> PackedDocuments.of(0, new int[] {1}));
        refused("at least one row must be given", () -> PackedDocuments.of(8));
        refused("a document must have at least 1 token; got 0", () -> PackedDocuments.of(8, new int[] {3, 0}));
        refused(
                "the documents of row 1 have more than 8 tokens",
                () -> PackedDocuments.of(8, new int[] {8}, new int[] {3, 6}));
        PackedDocuments documents = PackedDocuments.of(8, new int[] {3, 5});
        refused("depends on what follows", () -> documents.within(KeyMask.full()));
        refused("(1, 8), rows and places; got (2, 8)", () -> documents.requireFits(2, 8));
        refused("(1, 8), rows and places; got (1, 7)", () -> documents.requireFits(1, 7));
        refused("the documents must be given", () -> new PackedRows(null));
        Tensor keys = Tensor.zeros(1, 8, 2);
        refused("rows of documents are computed as a whole", () -> new PackedRows(documents).append(keys, keys));
        refused("depends on what follows", () -> new PackedRows(documents).requireFits(KeyMask.full()));
        refused("count must be at least 1; got 0", () -> KvCaches.packed(0, documents));
        Gpt chunks = new Gpt(
                new GptConfig(VOCAB, TIME, 1, 1, 4, 0).withPosition(new Positions.DualChunk(100, 3, 5)), Rng.of(1));
        assertThat(chunks.packable()).isFalse();
        refused(
                "documents cannot share a row",
                () -> chunks.forward(Indices.of(Shape.of(1, 8), new int[8]), documents));
    }

    private static void refused(String why, ThrowingCallable act) {
        assertThatThrownBy(act).isInstanceOf(ConfigException.class).hasMessageContaining(why);
    }
}
