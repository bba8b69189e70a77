package gradus.lessons.lab.reasoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.lessons.lab.material.Training;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.tree.BreadthFirst;
import gradus.lessons.prompt.tree.Keep;
import gradus.lessons.prompt.tree.SampledThoughts;
import gradus.lessons.prompt.tree.ValueScore;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SmallGameTest {
    private final WholeNumbers rules = new WholeNumbers();

    private static List<Integer> numbers(String prompt) {
        return Arrays.stream(prompt.substring(2, prompt.length() - 1).split(" "))
                .map(Integer::valueOf)
                .toList();
    }

    /// A teacher who knows the game plays it without a mistake, so a pupil's mistakes are the pupil's.
    @Property(tries = 200)
    void whoKnowsTheGameSolvesIt(@ForAll long seed) {
        List<List<Integer>> puzzles = rules.puzzles(4, 9);
        String puzzle = SmallGame.joined(puzzles.get(Rng.of(seed).index(0, puzzles.size())));
        TextModel teacher = (prompt, options) -> {
            List<Integer> left = numbers(prompt);
            if (prompt.startsWith("V")) {
                return rules.isReachable(left) ? "y" : "n";
            }
            List<WholeNumbers.Move> good = rules.good(left);
            return good.get(Rng.of(options.seed()).index(0, good.size())).thought();
        };
        CompletionOptions options = CompletionOptions.defaults().withSeed(seed);
        SmallGame game = new SmallGame(puzzle);
        var outcome = new BreadthFirst(
                        new SampledThoughts(2, options), new ValueScore(1, options), 2, Keep.greedy(), seed)
                .solve(game, teacher);
        assertThat(outcome.answer())
                .hasValueSatisfying(
                        answer -> assertThat(game.makes24(answer)).as(answer).isTrue());
    }

    @Test
    void anAnswerMustUseEachNumberOnceAndMake24() {
        SmallGame game = new SmallGame("3 3 8 8");
        assertThat(game.makes24("8 / (3 - 8 / 3)")).isTrue();
        assertThat(game.makes24("8 + 8 + 8")).isFalse();
        assertThat(game.makes24("3 * 8")).isFalse();
        assertThat(game.makes24("3 + 3 + 8 + 8")).isFalse();
        assertThat(game.left("")).isEqualTo("3 3 8 8");
        assertThat(new SmallGame("8 3 8 3").left("")).isEqualTo("3 3 8 8");
        assertThat(game.value("y")).isEqualTo(1);
        assertThat(game.value("n")).isZero();
        assertThat(game.value("yes")).isZero();
        assertThatThrownBy(() -> game.votePrompt(List.of(""))).isInstanceOf(UnsupportedOperationException.class);
    }

    @Property(tries = 200)
    void lessonsTellTheTruthAndNothingOfWhatIsHeldOut(@ForAll long seed) {
        Game24Recipe recipe = new Game24Recipe(3, 9, 20, new PupilSize(48, 1, 8), new Training(2, 1e-3), 40);
        Set<List<Integer>> held = new HashSet<>(recipe.heldOut(seed));
        assertThat(held).hasSize(20);
        List<List<Integer>> learned = recipe.learned(seed);
        assertThat(learned)
                .doesNotContainAnyElementsOf(held)
                .hasSize(rules.puzzles(3, 9).size() - 20);
        List<Lesson> lessons = new GameLessons(rules, learned, 40, Rng.of(seed)).of(3);
        assertThat(lessons).hasSize(40);
        for (Lesson lesson : lessons) {
            List<Integer> left = numbers(lesson.prompt());
            assertThat(held).doesNotContain(left);
            assertThat(lesson.answer()).endsWith("\n");
            if (lesson.prompt().startsWith("V")) {
                assertThat(lesson.answer()).isEqualTo(rules.isReachable(left) ? "y\n" : "n\n");
            } else {
                assertThat(WholeNumbers.moves(left).stream().map(WholeNumbers.Move::thought))
                        .contains(lesson.answer().strip());
            }
        }
    }

    @Test
    void bothVerdictsComeAlikeOften() {
        List<Lesson> lessons = new GameLessons(rules, rules.puzzles(4, 9), 2000, Rng.of(1)).of(0);
        double yes =
                lessons.stream().filter(lesson -> lesson.answer().equals("y\n")).count();
        double all = lessons.stream()
                .filter(lesson -> lesson.prompt().startsWith("V"))
                .count();
        assertThat(yes / all).isBetween(0.3, 0.7);
    }

    @Test
    void seedsHoldOutDifferentPuzzles() {
        Game24Recipe recipe = Game24Recipe.standard();
        assertThat(recipe.heldOut(1)).hasSize(60).isEqualTo(recipe.heldOut(1)).isNotEqualTo(recipe.heldOut(2));
        assertThatThrownBy(
                        () -> new Game24Recipe(2, 3, 99, new PupilSize(48, 1, 8), new Training(2, 1e-3), 4).heldOut(1))
                .hasMessageContaining("99 puzzles cannot be held out");
        assertThatThrownBy(() -> new PupilSize(9, 1, 6)).hasMessageContaining("multiple of 4 heads; got 6");
    }

    @Test
    void aModelIsAskedOnceForEachPrompt() {
        int[] asked = {0};
        TextModel model = new Remembering((prompt, options) -> prompt + asked[0]++);
        CompletionOptions options = CompletionOptions.defaults();
        assertThat(model.complete("a", options)).isEqualTo("a0").isEqualTo(model.complete("a", options));
        assertThat(model.complete("a", options.withSeed(1))).isEqualTo("a1");
    }

    @Test
    void randomValuesAreTheSameForTheSameState() {
        var score = TreePart.random(Rng.of(1));
        double[] first = score.of(null, List.of("a", "b"), null, "");
        assertThat(first[0]).isNotEqualTo(first[1]);
        assertThat(score.of(null, List.of("b", "a"), null, "")).containsExactly(first[1], first[0]);
    }
}
