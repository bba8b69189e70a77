package gradus.lessons.lab.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RuleWorldTest {
    @Property(tries = 200)
    void everyFunctionIsAPermutationAndAPathFollowsThem(
            @ForAll @IntRange(min = 2, max = 20) int symbols,
            @ForAll @IntRange(min = 3, max = 9) int functions,
            @ForAll long seed) {
        RuleWorld world = RuleWorld.of(symbols, functions, Rng.of(seed));
        for (int[] table : world.tables()) {
            assertThat(Arrays.stream(table).sorted().toArray())
                    .isEqualTo(IntStream.range(0, symbols).toArray());
        }
        Chain chain = RuleData.threeHops(world, Rng.of(seed));
        int at = chain.start();
        List<Integer> path = new ArrayList<>(List.of(at));
        for (int function : chain.functions()) {
            at = world.rule(at, function).result();
            path.add(at);
        }
        assertThat(world.path(chain))
                .containsExactly(path.stream().mapToInt(i -> i).toArray());
        assertThat(new HashSet<>(chain.functions())).hasSize(3);
    }

    @Test
    void worldsDifferBySeedAndTooSmallOnesAreRefused() {
        assertThat(RuleWorld.of(16, 8, Rng.of(1)).tables()[0])
                .isNotEqualTo(RuleWorld.of(16, 8, Rng.of(2)).tables()[0])
                .isEqualTo(RuleWorld.of(16, 8, Rng.of(1)).tables()[0]);
        assertThatThrownBy(() -> RuleWorld.of(1, 8, Rng.of(1))).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> RuleWorld.of(4, 0, Rng.of(1))).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Compositions.of(4, 2, Rng.of(1))).isInstanceOf(ConfigException.class);
    }

    @Property(tries = 200)
    void nothingIsBothTrainedAndHeldOut(
            @ForAll @IntRange(min = 2, max = 16) int symbols,
            @ForAll @IntRange(min = 3, max = 8) int functions,
            @ForAll long seed) {
        Compositions all = Compositions.of(symbols, functions, Rng.of(seed));
        Set<Chain> trained = new HashSet<>(all.many());
        assertThat(trained)
                .hasSize(all.many().size())
                .containsAll(all.few())
                .doesNotContainAnyElementsOf(all.heldOut());
        int count = symbols * functions * (functions - 1);
        assertThat(all.many().size() + all.heldOut().size()).isEqualTo(count);
        assertThat(all.heldOut()).hasSize(count / 5);
        assertThat(all.few()).hasSize(count / 4);
    }

    @Property(tries = 200)
    void aContextAnswersItsChainAndSaysNothingWrong(
            @ForAll @IntRange(min = 4, max = 16) int symbols, @ForAll long seed) {
        RuleWorld world = RuleWorld.of(symbols, 5, Rng.of(seed).at("world"));
        Chain chain = RuleData.threeHops(world, Rng.of(seed));
        RuleContext context = RuleContext.of(world, chain, Rng.of(seed).at("context"));
        assertThat(context.rules()).hasSize(6).doesNotHaveDuplicates();
        for (Rule rule : context.rules()) {
            assertThat(rule.result()).isEqualTo(world.tables()[rule.function()][rule.symbol()]);
        }
        assertThat(context.path(chain)).isEqualTo(world.path(chain));
        List<Chain> two = context.twoHops();
        assertThat(two)
                .contains(
                        new Chain(chain.start(), chain.functions().subList(0, 2)),
                        new Chain(world.path(chain)[1], chain.functions().subList(1, 3)));
        for (Chain each : two) {
            assertThat(context.path(each)).isEqualTo(world.path(each));
            assertThat(each.functions().get(0)).isNotEqualTo(each.functions().get(1));
        }
        List<Integer> results = context.rules().stream().map(Rule::result).toList();
        RuleContext rotated = context.rotated();
        assertThat(rotated.rules().stream().map(Rule::result)).containsExactlyInAnyOrderElementsOf(results);
        for (int i = 0; i < 6; i++) {
            assertThat(rotated.rules().get(i).result()).isEqualTo(results.get((i + 1) % 6));
        }
        assertThat(context.chance(results.getFirst()))
                .isEqualTo(results.stream().filter(results.getFirst()::equals).count() / 6.0);
        Rule first = context.rules().getFirst();
        assertThat(context.with(first, 99).rules().getFirst())
                .isEqualTo(new Rule(first.symbol(), first.function(), 99));
        assertThat(context.with(first, 99).rules().subList(1, 6))
                .isEqualTo(context.rules().subList(1, 6));
    }

    @Test
    void aContextRefusesWhatItDoesNotAnswer() {
        RuleContext context = new RuleContext(List.of(new Rule(0, 1, 2)));
        assertThat(context.path(Chain.of(0, 1))).containsExactly(0, 2);
        assertThatThrownBy(() -> context.path(Chain.of(0, 1, 1))).hasMessageContaining("no rule for 2 and 1");
    }
}
