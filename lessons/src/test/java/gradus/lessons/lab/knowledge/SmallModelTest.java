package gradus.lessons.lab.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.lessons.prompt.ScriptedModel;
import gradus.lessons.retrieve.rag.Answer;
import gradus.tensor.Autograd;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.TrainingListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallModelTest {
    private static final TrainingListener QUIET = new TrainingListener() {};

    @TempDir
    private Path folder;

    private final World world = new World(8, 2, Rng.of(1));
    private final SmallModel model = new SmallModel(world.words(), 16, Rng.of(2));

    @Test
    void promptsTogetherAreAnsweredAsEachAlone() {
        model.gpt().eval();
        List<String> prompts = new ArrayList<>();
        for (Fact fact : world.oldFacts()) {
            prompts.add("? " + fact.question(0));
            prompts.add(fact.text() + " ? " + fact.question(2));
        }
        List<String> together = model.answers(prompts, 3);
        for (int i = 0; i < prompts.size(); i++) {
            assertThat(model.answers(List.of(prompts.get(i)), 3)).containsExactly(together.get(i));
        }
    }

    @Test
    void theLossIsThatOfTheLearnedWordsAlone() {
        Fact fact = world.oldFacts().getFirst();
        Row one = new Row(world.words()).read(fact.text()).ask(fact.question(1), fact.value());
        Row other = new Row(world.words()).ask(fact.question(0), fact.value());
        RowTask task = new RowTask(model.gpt(), step -> List.of(List.of(one, other)), "test");
        model.gpt().eval();
        try (var pause = Autograd.noGrad()) {
            double expected = 0;
            int count = 0;
            for (Row row : List.of(one, other)) {
                for (int t = 1; t < row.size(); t++) {
                    if (row.learned(t)) {
                        int[] before = new int[t];
                        for (int i = 0; i < t; i++) {
                            before[i] = row.id(i);
                        }
                        expected -= Math.log(model.gpt()
                                .lastLogits(Indices.of(Shape.of(1, t), before))
                                .softmax()
                                .toArray()[row.id(t)]);
                        count++;
                    }
                }
            }
            RowTask.Rows rows = task.parts(0).getFirst();
            assertThat(rows.counted()).isEqualTo(count).isEqualTo(4);
            assertThat(rows.loss().item()).isCloseTo(expected / count, within(1e-5)); // float32
        }
    }

    @Test
    void factsAreTaughtToTheWeightsAndForgottenByRestoring() {
        List<Fact> facts = world.newFacts();
        List<String> prompts =
                facts.stream().map(fact -> "? " + fact.question(0)).toList();
        List<String> right = facts.stream().map(Fact::value).toList();
        Base base = new Base(world, model, 1);
        model.gpt().eval();
        var start = model.weights();
        List<String> before = model.answers(prompts, 2);
        new Tunings(base, Rng.of(3)).facts(facts, 1, List.of(), 200, QUIET);
        assertThat(Base.share(model.answers(prompts, 2), right)).isEqualTo(1);
        model.restore(start);
        assertThat(model.answers(prompts, 2)).isEqualTo(before);
    }

    @Test
    void aStyleAndAbstentionAreTaught() {
        Base base = new Base(world, model, 1);
        Fact fact = world.oldFacts().getFirst();
        new Tunings(base, Rng.of(3)).style(List.of(fact), true, 200);
        assertThat(model.answers(List.of("? " + fact.question(0)), 4))
                .containsExactly("verily " + fact.value() + " indeed");
        Fact unknown = world.newFacts().getFirst();
        new Tunings(base, Rng.of(3)).abstention(List.of(fact), List.of(unknown), 200);
        assertThat(model.answers(List.of("? " + fact.question(0), "? " + unknown.question(0)), 2))
                .containsExactly(fact.value(), World.UNKNOWN);
    }

    @Test
    void anAddedFactIsFoundAndTakesThePlaceOfTheOld() {
        ScriptedModel echo = ScriptedModel.empty().when(prompt -> true, prompt -> prompt.replaceAll(" \\?.*", ""));
        Fact home = world.newFacts().getFirst();
        try (Shelf shelf = new Shelf(folder.resolve("index"), world.newFacts(), echo)) {
            assertThat(shelf.answers(List.of(home.question(3))).getFirst())
                    .contains(sentence(home))
                    .contains(sentence(world.newFacts().get(1)));
            Fact moved = world.untrue(home, Rng.of(1));
            assertThat(shelf.add(moved)).isPositive();
            assertThat(shelf.answers(List.of(home.question(3))).getFirst())
                    .contains(sentence(moved))
                    .doesNotContain(sentence(home));
        }
    }

    /// An answer's spaces before full stops are taken out.
    private static String sentence(Fact fact) {
        return fact.text().replace(" .", "");
    }

    @Test
    void theSecondSearchLooksForTheFirstAnswer() {
        Fact home = world.newFacts().getFirst();
        ScriptedModel script = ScriptedModel.inOrder(home.value(), "found");
        List<Fact> facts = new ArrayList<>(world.newFacts());
        facts.addAll(world.mayors());
        try (Shelf shelf = new Shelf(folder.resolve("index"), facts, script)) {
            Answer answer = shelf.twice().ask(World.FAR_QUESTION + " " + home.subject());
            assertThat(answer.text()).isEqualTo("found");
            assertThat(answer.context()).hasSizeGreaterThan(Shelf.READ);
            assertThat(answer.prompt()).contains("mayor " + home.value() + " ").contains(home.text());
        }
    }
}
