package gradus.train.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BatchesTest {
    private static final Rng RNG = Rng.of(1);

    /// Tokens that say where they stand.
    private static int[] counting(int n) {
        return IntStream.range(0, n).toArray();
    }

    @Property(tries = 200)
    void everyTargetIsTheTokenAfterItsInput(
            @ForAll @IntRange(min = 1, max = 9) int context,
            @ForAll @IntRange(min = 1, max = 5) int batchSize,
            @ForAll @IntRange(min = 0, max = 20) int spare,
            @ForAll @IntRange(min = 0, max = 1000) int first) {
        Batch batch = new Batches(counting(context + 1 + spare), context, batchSize, RNG).at(first);
        assertThat(batch.inputs().shape().dims()).containsExactly(batchSize, context);
        assertThat(batch.targets().shape()).isEqualTo(batch.inputs().shape());
        for (int i = 0; i < batch.inputs().size(); i++) {
            assertThat(batch.targets().get(i)).isEqualTo(batch.inputs().get(i) + 1);
            if (i % context != 0) {
                assertThat(batch.inputs().get(i)).isEqualTo(batch.inputs().get(i - 1) + 1);
            }
        }
    }

    @Test
    void cropsStartEverywhereAndNowhereElse() {
        Batches batches = new Batches(counting(10), 4, 8, RNG);
        Set<Integer> starts = new HashSet<>();
        for (int step = 0; step < 50; step++) {
            for (int row = 0; row < 8; row++) {
                starts.add(batches.at(step * 8).inputs().get(row * 4));
            }
        }
        assertThat(starts).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
    }

    @Test
    void aStepAlwaysGetsTheSameCrops() {
        Batches once = new Batches(counting(1000), 8, 4, RNG);
        Batches again = new Batches(counting(1000), 8, 4, RNG);
        again.at(1000); // what was asked before makes no difference
        assertThat(again.at(7).inputs().values()).isEqualTo(once.at(7).inputs().values());
        assertThat(once.at(11).inputs().values())
                .isNotEqualTo(once.at(7).inputs().values());
    }

    @Test
    void smallBatchesAreThePartsOfALargeOne() {
        int[] large = new Batches(counting(1000), 8, 12, RNG).at(60).inputs().values();
        Batches small = new Batches(counting(1000), 8, 4, RNG);
        for (int micro = 0; micro < 3; micro++) {
            assertThat(small.at(60 + 4 * micro).inputs().values())
                    .isEqualTo(Arrays.copyOfRange(large, micro * 32, (micro + 1) * 32));
        }
    }

    @Property(tries = 100)
    void anEpochShowsNoTokenTwiceAndLeavesLessThanTwoWindowsOut(
            @ForAll @IntRange(min = 1, max = 9) int context,
            @ForAll @IntRange(min = 10, max = 200) int length,
            @ForAll @IntRange(min = 0, max = 5) int epoch) {
        int windows = Math.max(1, (length - context) / context);
        int[] seen = new Batches(counting(length), context, windows, RNG)
                .at((long) epoch * windows)
                .inputs()
                .values();
        assertThat(seen).doesNotHaveDuplicates();
        assertThat(length - seen.length).isBetween(1, 2 * context);
    }

    @Test
    void holdsOutTheEnd() {
        Split split = Split.holdOut(counting(10), 0.2);
        assertThat(split.train().toArray()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(split.validation().toArray()).containsExactly(8, 9);
        assertThat(Split.holdOut(counting(10), 0).validation().toArray()).isEmpty();
        assertThatThrownBy(() -> Split.holdOut(counting(10), 1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Split.holdOut(counting(10), Double.NaN)).isInstanceOf(ConfigException.class);
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new Batches(counting(8), 8, 1, RNG))
                .isInstanceOf(DataException.class) // BAD-INPUT 90
                .hasMessageContaining("at least 9")
                .hasMessageContaining("got 8");
        assertThatThrownBy(() -> new Batches(counting(0), 8, 1, RNG)).isInstanceOf(DataException.class); // BAD-INPUT 89
        assertThatThrownBy(() -> new Batches(counting(20), 8, 0, RNG))
                .isInstanceOf(DataException.class); // BAD-INPUT 98
        assertThatThrownBy(() -> new Batches(counting(20), 0, 1, RNG)).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> Batches.requireVocabulary(Tokens.of(0, 4, 5), 5))
                .isInstanceOf(DataException.class) // BAD-INPUT 92
                .hasMessageContaining("token 5 at position 2");
        assertThatThrownBy(() -> Batches.requireVocabulary(Tokens.of(-1), 5)).isInstanceOf(DataException.class);
    }

    /// By its sum a training knows its data: other tokens, another order or another place of the cut are other data.
    @Test
    void t5_theSumTellsWhereTheDataIsSplit() {
        Set<String> sums = new HashSet<>();
        for (int cut = 0; cut <= 4; cut++) {
            int[] all = {1, 2, 3, 4};
            sums.add(new Split(Arrays.copyOf(all, cut), Arrays.copyOfRange(all, cut, 4)).sum());
        }
        sums.add(new Split(new int[] {2, 1, 3}, new int[] {4}).sum());
        sums.add(new Split(new int[] {1, 2, 3}, new int[] {5}).sum());
        assertThat(sums).hasSize(7);
        assertThat(new Split(new int[] {1, 2}, new int[] {3}).sum())
                .isEqualTo(new Split(new int[] {1, 2}, new int[] {3}).sum());
    }

    /// Several parts are one text, wherever it is read.
    @Property(tries = 200)
    void t5_partsReadAsOne(
            @ForAll @IntRange(max = 5) int first,
            @ForAll @IntRange(max = 5) int second,
            @ForAll @IntRange(max = 5) int third,
            @ForAll @IntRange(max = 15) int from,
            @ForAll @IntRange(max = 15) int length) {
        int[] all = counting(first + second + third);
        Tokens parts = Tokens.of(List.of(
                Tokens.of(Arrays.copyOf(all, first)),
                Tokens.of(Arrays.copyOfRange(all, first, first + second)),
                Tokens.of(Arrays.copyOfRange(all, first + second, all.length))));
        int start = Math.min(from, all.length);
        int count = Math.min(length, all.length - start);
        assertThat(parts.read(start, count)).isEqualTo(Arrays.copyOfRange(all, start, start + count));
        assertThat(parts.part(start, start + count).toArray()).isEqualTo(parts.read(start, count));
        assertThat(parts.size()).isEqualTo(all.length);
    }
}
