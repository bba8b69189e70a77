package gradus.layers.attention.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.layers.attention.mask.SlidingWindow;
import gradus.layers.attention.mask.StridedHeads;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.op.Attention;
import gradus.tensor.op.KeysAndValues;
import gradus.tensor.type.Indices;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The caches of a model's blocks, and what a cache says of itself.
class KvCachesTest {

    /// Keys (2, n, 1), numbered by sequence and position.
    private static Tensor rows(int from, int to) {
        double[] numbers = new double[2 * (to - from)];
        for (int i = from; i < to; i++) {
            numbers[i - from] = i;
            numbers[to - from + i - from] = 100 + i;
        }
        return Tensor.of(numbers, 2, to - from, 1);
    }

    private static void append(KvCaches caches, int from, int to) {
        for (int block = 0; block < caches.count(); block++) {
            caches.get(block).append(rows(from, to), rows(from, to));
        }
    }

    @Test
    void noneIsNoCache() {
        assertThat(KvCaches.none().isNone()).isTrue();
        assertThat(KvCaches.none().count()).isZero();
        assertThat(KvCaches.none().length()).isZero();
        assertThat(KvCaches.none().padded()).isFalse();
        assertThat(KvCaches.none().arePacked()).isFalse();
    }

    @Test
    void eachBlockHasACacheOfItsOwn() {
        KvCaches caches = new KvCaches(3, 8);
        assertThat(caches.isNone()).isFalse();
        assertThat(caches.count()).isEqualTo(3);
        assertThat(caches.get(0)).isNotSameAs(caches.get(1)).isInstanceOf(ContiguousKvCache.class);
        append(caches, 0, 3);
        append(caches, 3, 8);
        assertThat(caches.length()).isEqualTo(8);
        assertThatThrownBy(() -> append(caches, 8, 9)).isInstanceOf(ConfigException.class);
        caches.truncate(2);
        for (int block = 0; block < 3; block++) {
            assertThat(caches.get(block).length()).isEqualTo(2);
            assertThat(caches.get(block).stored().keys().toArray()).containsExactly(0, 1, 100, 101);
        }
        caches.clear();
        for (int block = 0; block < 3; block++) {
            assertThat(caches.get(block).length()).isZero();
            assertThat(caches.get(block).stored()).isNull();
        }
    }

    @Test
    void positionsCountFromTheFirstTokenOfEachSequence() {
        KvCaches caches = new KvCaches(2, 8, 0, 2);
        assertThat(caches.padded()).isTrue();
        assertThat(caches.padding(0)).isZero();
        assertThat(caches.padding(1)).isEqualTo(2);
        assertThat(caches.positions(4).values()).containsExactly(0, 1, 2, 3, 0, 0, 0, 1);
        append(caches, 0, 4);
        assertThat(caches.positions(2).values()).containsExactly(4, 5, 2, 3);
        assertThat(caches.positions(2).shape().dims()).containsExactly(2, 2);
        caches.reorder(Indices.of(1, 1));
        assertThat(caches.padding(0)).isEqualTo(2);
        assertThat(caches.positions(1).values()).containsExactly(2, 2);
        for (int block = 0; block < 2; block++) {
            assertThat(caches.get(block).stored().values().toArray())
                    .containsExactly(100, 101, 102, 103, 100, 101, 102, 103);
            // the padding has moved with its sequence
            KeyMask mask = caches.get(block).mask(KeyMask.causal());
            assertThat(mask).isEqualTo(new LeftPadded(KeyMask.causal(), ((LeftPadded) mask).paddings()));
            assertThat(((LeftPadded) mask).paddings()).containsExactly(2, 2);
        }
    }

    @Test
    void withoutPaddingAllSequencesCountAlike() {
        KvCaches zeros = new KvCaches(1, 8, 0, 0);
        assertThat(zeros.padded()).isFalse();
        assertThat(new KvCaches(1, 8).padding(1)).isZero();
        assertThat(zeros.get(0).mask(KeyMask.causal())).isSameAs(KeyMask.causal());
        KvCaches plain = new KvCaches(1, 8);
        append(plain, 0, 2);
        plain.reorder(Indices.of(1, 0));
        assertThat(plain.get(0).stored().keys().toArray()).containsExactly(100, 101, 0, 1);
    }

    @Test
    void packedRowsKeepNothing() {
        PackedDocuments documents = PackedDocuments.of(5, new int[] {2, 3}, new int[] {1, 2});
        KvCaches caches = KvCaches.packed(2, documents);
        assertThat(caches.arePacked()).isTrue();
        assertThat(caches.padded()).isTrue();
        assertThat(caches.isNone()).isFalse();
        assertThat(caches.count()).isEqualTo(2);
        assertThat(caches.length()).isZero();
        assertThat(caches.positions(5).values()).containsExactly(0, 1, 0, 1, 2, 0, 0, 1, 0, 0);
        assertThat(caches.get(0)).isInstanceOfSatisfying(PackedRows.class, rows -> {
            assertThat(rows.documents()).isSameAs(documents);
            assertThat(rows.most()).isEqualTo(5);
            rows.requireFits(KeyMask.causal());
            assertThatThrownBy(() -> rows.requireFits(KeyMask.full())).isInstanceOf(ConfigException.class);
            assertThatThrownBy(() -> rows.append(rows(0, 1), rows(0, 1)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("are not kept");
        });
        assertThat(new KvCaches(1, 8).arePacked()).isFalse();
        assertThatThrownBy(() -> new PackedRows(null)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> KvCaches.packed(0, documents)).isInstanceOf(ConfigException.class);
    }

    @Test
    void documentsFillTheirRowsAndNoMore() {
        PackedDocuments documents = PackedDocuments.of(5, new int[] {2, 3}, new int[] {5});
        assertThat(documents.rows()).isEqualTo(2);
        assertThat(documents.time()).isEqualTo(5);
        documents.requireFits(2, 5);
        assertThatThrownBy(() -> documents.requireFits(2, 6))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("are for (2, 5), rows and places; got (2, 6)");
        assertThatThrownBy(() -> documents.requireFits(1, 5)).isInstanceOf(ConfigException.class);
        assertThat(PackedDocuments.of(1, new int[] {1}).time()).isEqualTo(1);
        assertThatThrownBy(() -> PackedDocuments.of(5, new int[] {2, 4}))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("row 0 have more than 5 tokens");
        assertThatThrownBy(() -> PackedDocuments.of(5, new int[] {0})).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> PackedDocuments.of(0, new int[] {})).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> PackedDocuments.of(5)).isInstanceOf(ConfigException.class);
    }

    /// Each query sees the places of its own document that are not behind it.
    @Test
    void aDocumentSeesItself() {
        PackedDocuments documents = PackedDocuments.of(5, new int[] {2, 3}, new int[] {1, 2});
        KeyMask mask = documents.within(KeyMask.causal());
        assertThat(mask.bySequence()).isTrue();
        assertThat(mask.byHead()).isFalse();
        // Values 1, 10, 100 …: with equal scores the result is the mean of what is seen.
        Tensor same = Tensor.of(new double[10], 2, 5, 1);
        Tensor values = Tensor.of(new double[] {1, 10, 100, 1000, 10_000, 1, 10, 100, 1000, 10_000}, 2, 5, 1);
        double[] seen =
                Attention.apply(same, KeysAndValues.of(same, values), 1, mask).toArray();
        assertThat(seen).usingComparatorWithPrecision(1e-9).containsExactly(1, 5.5, 100, 550, 3700, 1, 10, 55, 0, 0);
    }

    /// Padding sees nothing, and no query sees it.
    @Test
    void aSequenceBehindPaddingSeesItself() {
        KeyMask mask = new LeftPadded(KeyMask.causal(), new int[] {0, 2});
        assertThat(mask.bySequence()).isTrue();
        Tensor same = Tensor.of(new double[8], 2, 4, 1);
        Tensor values = Tensor.of(new double[] {1, 10, 100, 1000, 1, 10, 100, 1000}, 2, 4, 1);
        double[] seen =
                Attention.apply(same, KeysAndValues.of(same, values), 1, mask).toArray();
        assertThat(seen).usingComparatorWithPrecision(1e-9).containsExactly(1, 5.5, 37, 277.75, 0, 0, 100, 550);
    }

    /// A mask that differs by head does so behind padding and within documents too.
    @Test
    void headsKeepWhatIsTheirs() {
        PackedDocuments documents = PackedDocuments.of(4, new int[] {4});
        for (KeyMask own : List.of(KeyMask.causal(), new StridedHeads(2))) {
            assertThat(documents.within(own).byHead()).isEqualTo(own.byHead());
            assertThat(new LeftPadded(own, new int[] {1}).byHead()).isEqualTo(own.byHead());
        }
        assertThat(new StridedHeads(2).byHead()).isTrue();
    }

    @Test
    void paddingComesFirst() {
        KvCache cache = new ContiguousKvCache(8);
        assertThatThrownBy(() -> cache.padLeft(0, -1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> cache.padLeft((int[]) null)).isInstanceOf(ConfigException.class);
        cache.padLeft(0, 1);
        assertThatThrownBy(() -> cache.begin(rows(0, 1), rows(0, 1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the padding is [0, 1]");
        cache.padLeft(0, 0);
        cache.begin(rows(0, 1), rows(0, 1));
        assertThat(cache.length()).isEqualTo(1);
        assertThatThrownBy(() -> cache.begin(rows(0, 1), rows(0, 1))).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> cache.padLeft(1, 0))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("1 positions are stored");
        cache.clear();
        cache.padLeft(1, 0); // nothing is stored any more
        assertThatThrownBy(() -> new KvCaches(1, 8, (int[]) null)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new KvCaches(0, 8)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Attention.apply(
                        rows(0, 1),
                        KeysAndValues.of(rows(0, 1), rows(0, 1)),
                        1,
                        new LeftPadded(KeyMask.causal(), new int[3])))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("the paddings are for 3 sequences; got 2");
    }

    @Test
    void whatIsForgottenCannotComeBack() {
        KvCache rolling = new RollingKvCache(3); // a window of 3 keeps 2
        rolling.append(rows(0, 2), rows(0, 2));
        rolling.truncate(1);
        assertThat(rolling.length()).isEqualTo(1);
        assertThat(rolling.stored().keys().toArray()).containsExactly(0, 100);
        rolling.append(rows(1, 5), rows(1, 5));
        assertThat(rolling.stored().keys().toArray()).containsExactly(3, 4, 103, 104);
        rolling.truncate(5); // all stay
        assertThat(rolling.length()).isEqualTo(5);
        rolling.truncate(4);
        assertThat(rolling.length()).isZero();
        assertThatThrownBy(() -> rolling.truncate(1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> rolling.truncate(-1)).isInstanceOf(ConfigException.class);
        rolling.truncate(0);
        rolling.requireFits(new SlidingWindow(3));
        assertThatThrownBy(() -> rolling.requireFits(new SlidingWindow(4))).isInstanceOf(ConfigException.class);
    }
}
