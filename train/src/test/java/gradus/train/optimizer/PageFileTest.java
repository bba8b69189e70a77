package gradus.train.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PageFileTest {
    /// Pages asked for in any order hold what was last written to them, and fault as a list says in which the
    /// page that was used last moves to the end.
    @Property(tries = 200)
    void pagesKeepTheirNumbersAndTheLeastRecentlyUsedGoes(
            @ForAll @IntRange(min = 1, max = 8) int pages,
            @ForAll @IntRange(min = 1, max = 8) int budget,
            @ForAll boolean wide,
            @ForAll Random random) {
        PageFile file = new PageFile(wide ? DType.FLOAT64 : DType.FLOAT32, pages, 3, budget);
        double[] written = new double[pages];
        List<Integer> recent = new ArrayList<>();
        long faults = 0;
        long writes = 0;
        for (int i = 0; i < 40; i++) {
            Integer number = random.nextInt(pages);
            if (!recent.remove(number)) {
                faults++;
                if (recent.size() == budget) {
                    recent.removeFirst();
                    writes++;
                }
            }
            recent.add(number);
            Tensor page = file.page(number);
            assertThat(page.toArray()).containsOnly(written[number]);
            written[number] = i + 0.5;
            page.set(written[number], written[number], written[number]);
            assertThat(new long[] {file.faults(), file.writes(), file.resident()})
                    .isEqualTo(new long[] {faults, writes, recent.size()});
        }
    }

    /// What a page leaves is used for the next one: there are never more than the budget.
    @Property(tries = 200)
    void noMoreMemoryThanTheBudgetIsTaken(@ForAll @IntRange(min = 1, max = 4) int budget, @ForAll Random random) {
        PageFile file = new PageFile(DType.FLOAT32, 9, 2, budget);
        Set<Tensor> places = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < 40; i++) {
            places.add(file.page(random.nextInt(9)));
        }
        assertThat(places).hasSizeLessThanOrEqualTo(budget);
    }

    @Test
    void aFileNeedsPagesAndRoomForOne() {
        assertThatThrownBy(() -> new PageFile(DType.FLOAT32, 0, 3, 1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new PageFile(DType.FLOAT32, 3, 0, 1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new PageFile(DType.FLOAT32, 3, 3, 0))
                .isInstanceOf(ConfigException.class)
                .hasMessage("pages: at least 1 must be resident; got 0");
    }
}
