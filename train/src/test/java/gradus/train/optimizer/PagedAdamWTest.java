package gradus.train.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Against [AdamW], to the bit, and a count of faults made here.
class PagedAdamWTest {
    private static final Rng RNG = Rng.of(9);
    private static final AdamConfig CONFIG = AdamConfig.defaults().withWeightDecay(0.1);

    private static SequencedMap<String, Tensor> parameters(DType dtype, int... sizes) {
        SequencedMap<String, Tensor> all = new LinkedHashMap<>();
        for (int size : sizes) {
            int[] dims = size % 2 == 0 ? new int[] {2, size / 2} : new int[] {size};
            all.put(
                    "p" + all.size(),
                    Tensor.randn(RNG.at("p").at(all.size()), dims).to(dtype).requireGrad());
        }
        return all;
    }

    private static void giveGradients(SequencedMap<String, Tensor> parameters, int step) {
        int number = 0;
        for (Tensor parameter : parameters.values()) {
            parameter.zeroGrad();
            Tensor slope = Tensor.randn(
                    RNG.at("g").at(step).at(number++), parameter.shape().dims());
            parameter.mul(slope.to(parameter.dtype())).sum().backward();
        }
    }

    private static void assertSame(SequencedMap<String, Tensor> one, SequencedMap<String, Tensor> two) {
        assertThat(two.keySet()).isEqualTo(one.keySet());
        one.forEach((name, tensor) -> {
            assertThat(two.get(name).shape()).as(name).isEqualTo(tensor.shape());
            assertThat(two.get(name).toArray()).as(name).isEqualTo(tensor.toArray());
        });
    }

    @Property(tries = 200)
    void everyWeightAndMomentHasTheBitsOfAdamW(
            @ForAll @IntRange(min = 1, max = 60) int first,
            @ForAll @IntRange(min = 1, max = 60) int second,
            @ForAll @IntRange(min = 1, max = 40) int pageSize,
            @ForAll @IntRange(min = 2, max = 9) int resident,
            @ForAll boolean wide) {
        DType dtype = wide ? DType.FLOAT64 : DType.FLOAT32;
        var plain = parameters(dtype, first, second);
        var paged = parameters(dtype, first, second);
        AdamW adamW = new AdamW(ParameterGroups.of(plain), CONFIG);
        PagedAdamW pages = new PagedAdamW(ParameterGroups.of(paged), CONFIG, pageSize, resident);
        for (int step = 1; step <= 3; step++) {
            giveGradients(plain, step);
            giveGradients(paged, step);
            adamW.step(0.01 * step);
            pages.step(0.01 * step);
            assertSame(plain, paged);
            assertThat(pages.residentPages()).isLessThanOrEqualTo(resident);
        }
        assertSame(adamW.state(), pages.state());
    }

    /// What a list of page numbers costs with the least recently used page going first.
    private static long[] costs(List<Integer> asked, int resident) {
        Deque<Integer> recent = new ArrayDeque<>();
        long faults = 0;
        long writes = 0;
        for (int page : asked) {
            if (!recent.remove(page)) {
                faults++;
                if (recent.size() == resident) {
                    recent.removeFirst();
                    writes++;
                }
            }
            recent.addLast(page);
        }
        return new long[] {faults, writes};
    }

    @Property(tries = 200)
    void faultsAreThoseOfLeastRecentlyUsed(
            @ForAll @IntRange(min = 1, max = 60) int first,
            @ForAll @IntRange(min = 1, max = 60) int second,
            @ForAll @IntRange(min = 1, max = 40) int pageSize,
            @ForAll @IntRange(min = 2, max = 12) int resident) {
        var parameters = parameters(DType.FLOAT32, first, second);
        PagedAdamW paged = new PagedAdamW(ParameterGroups.of(parameters), CONFIG, pageSize, resident);
        List<Integer> asked = new ArrayList<>();
        for (int step = 1; step <= 3; step++) {
            giveGradients(parameters, step);
            paged.step(0.01);
            int begin = 0;
            for (int size : new int[] {first, second}) {
                int pages = (size + pageSize - 1) / pageSize;
                for (int page = 0; page < pages; page++) {
                    asked.add(begin + page);
                    asked.add(begin + pages + page);
                }
                begin += 2 * pages;
            }
            assertThat(paged.pages()).isEqualTo(begin);
        }
        assertThat(new long[] {paged.faults(), paged.writes()}).isEqualTo(costs(asked, resident));
    }

    /// Free when all fits; every page in every step when one is missing, since a step takes them in turn.
    @Test
    void roomForAllPagesMakesItFree() {
        for (int resident : new int[] {8, 7}) {
            var parameters = parameters(DType.FLOAT32, 40);
            PagedAdamW paged = new PagedAdamW(ParameterGroups.of(parameters), CONFIG, 10, resident);
            for (int step = 1; step <= 5; step++) {
                giveGradients(parameters, step);
                paged.step(0.01);
            }
            assertThat(paged.pages()).isEqualTo(8);
            assertThat(paged.faults()).isEqualTo(resident == 8 ? 8 : 8 * 5);
            assertThat(paged.writes()).isEqualTo(resident == 8 ? 0 : 8 * 5 - 7);
        }
    }

    /// As a checkpoint does: values are copied into the state, and the optimiser goes on from there.
    @Test
    void itGoesOnFromASavedState() {
        var plain = parameters(DType.FLOAT32, 30, 7);
        AdamW adamW = new AdamW(ParameterGroups.of(plain), CONFIG);
        giveGradients(plain, 1);
        adamW.step(0.1);
        var paged = parameters(DType.FLOAT32, 30, 7);
        paged.forEach((name, tensor) -> tensor.copyFrom(plain.get(name).detach()));
        PagedAdamW pages = new PagedAdamW(ParameterGroups.of(paged), CONFIG, 8, 2);
        SequencedMap<String, Tensor> state = pages.state();
        adamW.state().forEach((name, tensor) -> state.get(name).copyFrom(tensor));
        assertSame(adamW.state(), pages.state()); // asked for again before a step
        giveGradients(plain, 2);
        giveGradients(paged, 2);
        adamW.step(0.1);
        pages.step(0.1);
        assertSame(plain, paged);
        assertSame(adamW.state(), pages.state());
        giveGradients(plain, 3);
        giveGradients(paged, 3);
        adamW.step(0.1);
        pages.step(0.1); // a state that nobody wrote to changes nothing
        assertSame(plain, paged);
    }

    @Test
    void parametersWithoutAGradientStay() {
        var parameters = parameters(DType.FLOAT32, 6, 6);
        double[] before = parameters.get("p1").toArray();
        PagedAdamW paged = new PagedAdamW(ParameterGroups.of(parameters), CONFIG, 4, 2);
        parameters.get("p0").sum().backward();
        paged.step(0.1);
        assertThat(parameters.get("p1").toArray()).isEqualTo(before);
        assertThat(paged.faults()).isEqualTo(4);
    }

    @Test
    void numbersOfBothTypesHaveTheirPages() {
        SequencedMap<String, Tensor> mixed = new LinkedHashMap<>();
        mixed.put("a", Tensor.full(DType.FLOAT32, Shape.of(5), 1).requireGrad());
        mixed.put("b", Tensor.full(DType.FLOAT64, Shape.of(5), 1).requireGrad());
        PagedAdamW paged = new PagedAdamW(ParameterGroups.of(mixed), CONFIG, 3, 2);
        mixed.values().forEach(tensor -> tensor.sum().backward());
        paged.step(0.5);
        assertThat(paged.state().get("m.0").dtype()).isEqualTo(DType.FLOAT32);
        assertThat(paged.state().get("m.1").dtype()).isEqualTo(DType.FLOAT64);
        assertThat(mixed.get("b").get(4)).isLessThan(1);
    }

    @Test
    void theRulesOfOptimisersAreKept() {
        OptimizerDrill.keepsTheRules(all -> new PagedAdamW(ParameterGroups.of(all), CONFIG, 1));
    }

    @Test
    void budgetsThatAreTooSmallAreRefused() {
        ParameterGroups one = ParameterGroups.of(parameters(DType.FLOAT32, 3));
        assertThatThrownBy(() -> new PagedAdamW(one, CONFIG, 0))
                .isInstanceOf(ConfigException.class)
                .hasMessage("paged: at least 1 MiB must be resident; got 0");
        assertThatThrownBy(() -> new PagedAdamW(one, CONFIG, 4, 1)).isInstanceOf(ConfigException.class);
    }
}
