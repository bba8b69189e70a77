package gradus.layers.attention.mask;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which masks let attention go step by step.
class CacheableMasksTest {
    private static final List<KeyMask> CACHEABLE = List.of(
            KeyMask.causal(),
            new SlidingWindow(3),
            new StridedSparse(3),
            new StridedHeads(3),
            new FixedSparse(4, 2),
            new FixedSparseHeads(4, 2),
            PaddingMask.left(2),
            KeyMask.causal().and(PaddingMask.left(2)),
            KeyMask.cacheable(query -> query.sees(0, 1)));

    @Test
    void whoseQueriesSeeNothingBehindThemAndAskForNoLength() {
        assertThat(CACHEABLE).allMatch(mask -> mask.cacheable());
        for (KeyMask mask : CACHEABLE.subList(0, 6)) {
            boolean[] shorter = mask.dense(Shape.of(1, 2, 9, 9));
            boolean[] longer = mask.dense(Shape.of(1, 2, 13, 13));
            boolean[] step = mask.dense(Shape.of(1, 2, 1, 9)); // the last query alone
            for (int head = 0; head < 2; head++) {
                for (int i = 0; i < 9; i++) {
                    for (int j = 0; j < 13; j++) {
                        boolean sees = longer[(head * 13 + i) * 13 + j];
                        boolean before = j < 9 && shorter[(head * 9 + i) * 9 + j];
                        assertThat(sees).as("%s: %s sees %s", mask, i, j).isEqualTo(before);
                        assertThat(sees && j > i).isFalse();
                        assertThat(i == 8 && j < 9 && step[head * 9 + j]).isEqualTo(i == 8 && sees);
                    }
                }
            }
        }
    }

    @Test
    void othersDoNotSayIt() {
        assertThat(List.of(
                        KeyMask.full(),
                        new BigBird(2, 1, Rng.of(1)),
                        new Longformer(4, List.of(0)),
                        new ShiftedSparse(4),
                        new GroupedCausal(4),
                        PaddingMask.right(3),
                        PaddingMask.of(new boolean[][] {{false, true}}),
                        KeyMask.causal().and(PaddingMask.right(3)),
                        KeyMask.full().and(KeyMask.causal())))
                .noneMatch(mask -> mask.cacheable());
    }
}
