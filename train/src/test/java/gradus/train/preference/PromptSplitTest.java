package gradus.train.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PromptSplitTest {
    private static List<Integer> words(long seed, int count, int prompts) {
        List<Integer> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add(Rng.of(seed).index(i, prompts));
        }
        return words;
    }

    private static Set<Integer> of(List<Integer> words, List<Integer> which) {
        return which.stream().map(words::get).collect(Collectors.toSet());
    }

    @Property(tries = 200)
    void noPromptIsOnBothSidesAndNothingIsLost(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 60) int count,
            @ForAll @IntRange(min = 1, max = 20) int prompts,
            @ForAll @DoubleRange(min = 0, max = 0.99) double share) {
        List<Integer> words = words(seed, count, prompts);
        PromptSplit split = PromptSplit.of(words, share, Rng.of(seed));
        assertThat(split.learned()).isSorted().isNotEmpty();
        assertThat(split.heldOut()).isSorted();
        List<Integer> all = new ArrayList<>(split.learned());
        all.addAll(split.heldOut());
        assertThat(all).hasSize(count).doesNotHaveDuplicates();
        Set<Integer> both = of(words, split.learned());
        both.retainAll(of(words, split.heldOut()));
        assertThat(both).isEmpty();
        assertThat(PromptSplit.of(words, share, Rng.of(seed))).isEqualTo(split);
        int different = new HashSet<>(words).size();
        long wanted = share == 0 ? 0 : Math.max(1, Math.round(share * count));
        int largest = words.stream()
                .collect(Collectors.groupingBy(each -> each, Collectors.summingInt(each -> 1)))
                .values()
                .stream()
                .max(Integer::compare)
                .orElseThrow();
        assertThat(split.heldOut().size()).isLessThan((int) wanted + largest);
        if (of(words, split.learned()).size() > 1 && different > 1) {
            assertThat(split.heldOut().size()).isGreaterThanOrEqualTo((int) wanted);
        }
    }

    /// With a hundred prompts of one answer each, two seeds that hold out the same ten are unlikely.
    @Test
    void theSeedDecides() {
        List<Integer> words = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            words.add(i);
        }
        PromptSplit one = PromptSplit.of(words, 0.1, Rng.of(1));
        assertThat(one.heldOut()).hasSize(10);
        assertThat(PromptSplit.of(words, 0.1, Rng.of(2)).heldOut()).isNotEqualTo(one.heldOut());
        assertThat(PromptSplit.of(words, 0, Rng.of(1)).heldOut()).isEmpty();
        assertThatThrownBy(() -> PromptSplit.of(words, 1, Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("[0, 1); got 1.0");
    }
}
