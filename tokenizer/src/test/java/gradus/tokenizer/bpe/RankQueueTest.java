package gradus.tokenizer.bpe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.PriorityQueue;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RankQueueTest {
    /// Entries come out by rank, those of a rank from left to right, however they were put in and taken out.
    @Property(tries = 200)
    void entriesComeOutByRankAndThenByPlace(
            @ForAll @IntRange(min = 1, max = 9) int ranks, @ForAll @IntRange(max = 200) int count, @ForAll int seed) {
        RankQueue queue = new RankQueue();
        PriorityQueue<Long> oracle = new PriorityQueue<>();
        Random random = new Random(seed);
        int pushed = 0;
        for (int i = 0; i < count; i++) {
            if (random.nextInt(3) > 0) {
                int rank = random.nextInt(ranks);
                int position = random.nextInt(50);
                queue.push(rank, position);
                oracle.add((long) rank << 32 | position);
                pushed++;
            } else if (!oracle.isEmpty()) {
                assertThat(queue.pop()).isEqualTo(oracle.remove());
            }
            assertThat(queue.isEmpty()).isEqualTo(oracle.isEmpty());
        }
        while (!oracle.isEmpty()) {
            assertThat(queue.pop()).isEqualTo(oracle.remove());
        }
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.pushed()).isEqualTo(pushed);
    }

    @Test
    void theLargestRankAndPlaceHaveRoom() {
        RankQueue queue = new RankQueue();
        queue.push(Integer.MAX_VALUE, Integer.MAX_VALUE);
        queue.push(0, Integer.MAX_VALUE);
        assertThat(queue.pop()).isEqualTo(Integer.MAX_VALUE);
        assertThat(queue.pop()).isEqualTo((long) Integer.MAX_VALUE << 32 | Integer.MAX_VALUE);
    }
}
