package gradus.lessons.lab.reasoning;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.demonstration.Demonstration;
import gradus.lessons.prompt.react.tool.Calculator;
import gradus.lessons.prompt.react.tool.Tool;
import gradus.tensor.random.Rng;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class TeachersTest {
    @Property(tries = 200)
    void theTeacherOfProductsIsRightWithTheCalculatorAndWithout(@ForAll @LongRange(min = 0, max = 1_000_000) long i) {
        Products.Question question = new Products(Rng.of(1)).question(i);
        for (var tools : List.of(List.<Tool>of(), List.<Tool>of(new Calculator()))) {
            Outcome outcome = Products.method(new ProductTeacher(), tools).ask(question.text());
            assertThat(outcome.answer()).contains(Long.toString(question.product()));
            assertThat(outcome.thoughts().stream().filter(each -> each.isAsked()))
                    .hasSize(1 + tools.size());
        }
    }

    @Property(tries = 200)
    void lessonsOfProductsAreWhatTheTeacherWrites(@ForAll @LongRange(min = 0, max = 1_000_000) long i) {
        Products products = new Products(Rng.of(1));
        List<Lesson> lessons = products.lessons(i);
        assertThat(lessons).hasSize(i % 2 == 0 ? 2 : 1);
        assertThat(lessons.getFirst().prompt().contains("calculate[input]")).isEqualTo(i % 2 == 0);
        String product = Long.toString(products.question(i).product());
        assertThat(lessons.getLast().answer()).endsWith("finish[" + product + "]\nObservation");
        assertThat(lessons.getFirst().answer().contains(product)).isEqualTo(i % 2 == 1);
    }

    @Property(tries = 200)
    void theTeacherOfRulesIsRightInBothKindsOfChain(@ForAll long seed) {
        Rng rng = Rng.of(seed);
        RuleWorld world = RuleWorld.of(rng.at("world"));
        assertThat(world.adds().values()).allSatisfy(each -> assertThat(each).isBetween(1, 6));
        String word = RuleWorld.WORDS.get(rng.index(0, 4));
        String shown = world.shown(word, rng);
        String plain = RuleWorld.plain(word, rng);
        String sum = Integer.toString(
                Integer.parseInt(plain.split(" ")[0]) + world.adds().get(word));
        assertThat(shown).endsWith(plain);
        assertThat(world.answer(plain)).isEqualTo(sum).isEqualTo(world.answer(shown));
        assertThat(RuleLearnerRecipe.zeroShot(world).ask(shown).answer()).contains(sum);
        Demonstration other = world.demonstration(world.shown("dax", rng.at("other")));
        assertThat(RuleLearnerRecipe.fewShot(world, List.of(other)).ask(plain).answer())
                .contains(sum);
    }

    @Property(tries = 200)
    void exchangedRulesAreWrongWhereTheyDifferAndWellFormed(@ForAll long seed) {
        RuleWorld world = RuleWorld.of(Rng.of(seed));
        List<Demonstration> shown = RuleWorld.WORDS.stream()
                .map(word -> world.demonstration(world.shown(word, Rng.of(seed).at(word))))
                .toList();
        List<Demonstration> exchanged = DemonstrationPart.exchanged(shown, world);
        for (int i = 0; i < 4; i++) {
            int own = world.adds().get(RuleWorld.WORDS.get(i));
            int next = world.adds().get(RuleWorld.WORDS.get((i + 1) % 4));
            assertThat(exchanged.get(i).question()).doesNotContain("is");
            assertThat(exchanged.get(i).answer().equals(shown.get(i).answer())).isEqualTo(own == next);
            assertThat(exchanged.get(i).rationale()).startsWith(RuleWorld.WORDS.get(i) + next + ". ");
        }
    }

    @Test
    void questionsOfOneWordAreTheSameVectorOfLengthOne() {
        float[][] vectors =
                DemonstrationPart.words(List.of("5 wug is 8. 7 wug?", "1 wug is 2. 3 wug?", "4 dax?", "7?"));
        assertThat(vectors[0]).isEqualTo(vectors[1]).containsExactly(1, 0, 0, 0);
        assertThat(vectors[2]).containsExactly(0, 1, 0, 0);
        assertThat(vectors[3]).containsExactly(0, 0, 0, 0);
    }
}
