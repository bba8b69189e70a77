package gradus.train.task;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PackingTest {
    private static final int PLACES = 20;

    private static Packing packing(int[] sizes, long seed) {
        return new Packing(sizes, PLACES, true, Rng.of(seed));
    }

    private static int[] ints(List<Integer> drawn) {
        return drawn.stream().mapToInt(Integer::intValue).toArray();
    }

    @Property(tries = 200)
    void eachEpochHasEveryExampleOnceAndNoRowIsOverfull(
            @ForAll @Size(min = 1, max = 300) List<@IntRange(min = 1, max = PLACES) Integer> drawn, @ForAll long seed) {
        int[] sizes = ints(drawn);
        Packing packing = packing(sizes, seed);
        for (long epoch = 0; epoch < 3; epoch++) {
            int[][] rows = packing.epoch(epoch);
            assertThat(Arrays.stream(rows).flatMapToInt(Arrays::stream).sorted().toArray())
                    .containsExactly(IntStream.range(0, sizes.length).toArray());
            for (int[] row : rows) {
                assertThat(Arrays.stream(row).map(i -> sizes[i]).sum()).isLessThanOrEqualTo(PLACES);
            }
        }
    }

    /// No two rows of at most 64 could be one: best-fit is at most 1.7 times the best possible.
    @Property(tries = 200)
    void fewRowsAreHalfEmpty(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 1, max = PLACES) Integer> drawn, @ForAll long seed) {
        int[] sizes = ints(drawn);
        long halfEmpty = Arrays.stream(packing(sizes, seed).epoch(0))
                .filter(row -> Arrays.stream(row).map(i -> sizes[i]).sum() * 2 <= PLACES)
                .count();
        assertThat(halfEmpty).isLessThanOrEqualTo(1);
    }

    /// Rows are numbered through the epochs, and each depends on the seed and its number alone.
    @Property(tries = 200)
    void aRowDependsOnItsNumberAlone(
            @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 1, max = PLACES) Integer> drawn,
            @ForAll long seed,
            @ForAll @IntRange(max = 200) int number) {
        int[] sizes = ints(drawn);
        Packing walked = packing(sizes, seed);
        int[][] all = walked.rows(0, number + 1);
        assertThat(packing(sizes, seed).rows(number, 1)[0]).containsExactly(all[number]);
        walked.rows(number + 300, 1);
        assertThat(walked.rows(number, 1)[0]).containsExactly(all[number]);
        int epoch = 0;
        int before = 0;
        while (before + walked.epoch(epoch).length <= number) {
            before += walked.epoch(epoch++).length;
        }
        assertThat(all[number]).containsExactly(packing(sizes, seed).epoch(epoch)[number - before]);
    }

    @Test
    void epochsAndSeedsHaveOrdersOfTheirOwn() {
        int[] sizes = IntStream.range(0, 200).map(i -> 1 + i % 9).toArray();
        assertThat(packing(sizes, 1).epoch(0)[0]).isNotEqualTo(packing(sizes, 1).epoch(1)[0]);
        assertThat(packing(sizes, 1).epoch(0)[0]).isNotEqualTo(packing(sizes, 2).epoch(0)[0]);
        assertThat(new Packing(sizes, PLACES, true, null).epoch(0))
                .isDeepEqualTo(new Packing(sizes, PLACES, true, null).epoch(5));
    }

    @Test
    void alonePutsEachInARowOfItsOwn() {
        int[][] rows = new Packing(new int[] {3, 4, 5}, PLACES, false, null).epoch(0);
        assertThat(rows).isDeepEqualTo(new int[][] {{0}, {1}, {2}});
    }

    /// 9,000 conversations of 20 to 200 tokens fill rows of 512 to more than 97 %.
    @Test
    void rowsAreWellFilled() {
        Rng rng = Rng.of(1);
        int[] sizes = IntStream.range(0, 9000).map(i -> 20 + rng.index(i, 181)).toArray();
        int rows = new Packing(sizes, 512, true, Rng.of(2)).epoch(0).length;
        assertThat(Arrays.stream(sizes).sum() / (512.0 * rows)).isGreaterThan(0.97);
    }
}
