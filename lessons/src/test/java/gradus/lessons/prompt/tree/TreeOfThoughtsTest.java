package gradus.lessons.prompt.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.LocalModel;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.RecordedModel;
import gradus.lessons.prompt.ScriptedModel;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.Thought;
import gradus.lessons.prompt.TinyChat;
import gradus.lessons.prompt.answer.AnswerExtractor;
import gradus.lessons.prompt.react.tool.Calculator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TreeOfThoughtsTest {
    private static final CompletionOptions LINE =
            CompletionOptions.defaults().withStop("\n").withMaxTokens(8);
    private static final AnswerExtractor LAST = AnswerExtractor.line();
    private static final ThoughtSource ALL = (problem, state, steps, name) -> ((Game24) problem).all(state);

    private static TextModel nobody() {
        return ScriptedModel.empty();
    }

    /// Breadth 1, greedy, one thought a step: the model is asked exactly what a chain of the same prompts asks
    /// it, of scripted and of real models, and writes the same lines.
    @Property(tries = 200)
    void breadthOneIsTheChain(@ForAll @Size(min = 1, max = 4) List<@IntRange(max = 9) Integer> lines) {
        ScriptedModel script = ScriptedModel.empty();
        lines.forEach(each -> script.then("line " + each));
        RecordedModel asked = new RecordedModel(script);
        Outcome tree = oneByOne(lines.size()).apply(asked);
        String state = "";
        List<String> prompts = new ArrayList<>();
        for (int each : lines) { // the chain
            prompts.add(new StepwiseQuestion("q", lines.size(), LAST).thoughtPrompt(state));
            state = state.isEmpty() ? "line " + each : state + "\nline " + each;
        }
        assertThat(asked.transcript().stream().map(each -> each.prompt())).containsExactlyElementsOf(prompts);
        assertThat(tree.answer()).contains("line " + lines.getLast());
    }

    private static Function<TextModel, Outcome> oneByOne(int steps) {
        StateScore same = (problem, states, asked, name) -> new double[states.size()];
        BreadthFirst way = new BreadthFirst(new SampledThoughts(1, LINE), same, 1, Keep.greedy(), 0);
        return model -> way.solve(new StepwiseQuestion("q", steps, LAST), model);
    }

    @Test
    void breadthOneIsTheChainOfARealModel() {
        TextModel model = LocalModel.chat(TinyChat.model(900));
        RecordedModel asked = new RecordedModel(model);
        Outcome tree = oneByOne(3).apply(asked);
        StepwiseQuestion problem = new StepwiseQuestion("q", 3, LAST);
        String state = "";
        for (int step = 0; step < 3; step++) {
            List<String> next = problem.next(state, model.complete(problem.thoughtPrompt(state), LINE));
            if (next.isEmpty()) {
                break;
            }
            state = next.getFirst();
        }
        assertThat(tree.answer()).isEqualTo(state.isEmpty() ? Optional.empty() : Optional.of(problem.answer(state)));
    }

    /// With the oracle's values both searches find 24 wherever it can be made, and say so only there.
    @Property(tries = 200)
    void theOracleSolvesWhatCanBeSolved(
            @ForAll @Size(value = 4) List<@IntRange(min = 1, max = 13) Integer> numbers,
            @ForAll @IntRange(min = 1, max = 3) int breadth) {
        Game24 game = Game24.of(
                String.join(" ", numbers.stream().map(Object::toString).toList()));
        Outcome wide = new BreadthFirst(ALL, Game24.oracle(), breadth, Keep.greedy(), 0).solve(game, nobody());
        Outcome deep = new DepthFirst(ALL, Game24.oracle(), 0.5, 50).solve(game, nobody());
        boolean can = game.isReachable("");
        assertThat(is24(wide)).isEqualTo(can);
        assertThat(is24(deep)).isEqualTo(can);
        Outcome drawn = new BreadthFirst(ALL, Game24.oracle(), breadth, Keep.proportional(), 3).solve(game, nobody());
        assertThat(is24(drawn)).isEqualTo(can);
    }

    private static boolean is24(Outcome outcome) {
        return outcome.answer()
                .map(each -> Double.parseDouble(new Calculator().use(each)))
                .filter(value -> Math.abs(value - 24) < 1e-12)
                .isPresent();
    }

    @Test
    void proposedAndValued() {
        ScriptedModel model = ScriptedModel.empty()
                .when(
                        prompt -> prompt.startsWith("Write possible") && prompt.contains("Numbers: 4 9 10 13"),
                        "4 + 9 = 13\n10 - 4 = 6\n10 - 4 = 6\n")
                .when(prompt -> prompt.startsWith("Write possible") && prompt.contains("Numbers: 6 9 13"), "13 - 9 = 4")
                .when(prompt -> prompt.startsWith("Write possible") && prompt.contains("Numbers: 4 6"), "4 * 6 = 24")
                .when(prompt -> prompt.endsWith("Numbers: 10 13 13\n"), "impossible")
                .when(prompt -> true, "sure");
        BreadthFirst way = new BreadthFirst(
                new ProposedThoughts(CompletionOptions.defaults()),
                new ValueScore(2, CompletionOptions.defaults()),
                1,
                Keep.greedy(),
                0);
        Outcome outcome = way.solve(Game24.of("4 9 10 13"), model);
        assertThat(outcome.answer()).contains("(13 - 9) * (10 - 4)");
        List<String> scores = outcome.thoughts().stream()
                .filter(each -> each.name().endsWith("scores"))
                .map(Thought::text)
                .toList();
        assertThat(scores.getFirst())
                .isEqualTo("0.002  4 + 9 = 13 (left: 10 13 13)\n40  10 - 4 = 6 (left: 6 9 13)\n"
                        + "0  10 - 4 = 6 (left: 6 9 13)\n");
        assertThat(outcome.thoughts().stream().filter(each -> each.name().equals("level 1, value of 2")))
                .as("asked twice, and not for the duplicate")
                .hasSize(2);
    }

    /// Votes are counted; a number that names no choice is no vote. The branch with most votes is followed.
    @Test
    void voted() {
        ScriptedModel model = ScriptedModel.inOrder("a\nb\nc", "2", "choice 2, not 1: 2", "99", "d", "1", "1", "1");
        BreadthFirst way = new BreadthFirst(
                new ProposedThoughts(CompletionOptions.defaults()),
                new VoteScore(3, CompletionOptions.defaults()),
                1,
                Keep.greedy(),
                0);
        Outcome outcome = way.solve(new StepwiseQuestion("q", 2, LAST), model);
        assertThat(outcome.answer()).contains("d");
        assertThat(model.prompts().get(1)).contains("Choice 2:\nb\n").endsWith("The best choice is");
        assertThat(outcome.thoughts().get(4).text()).isEqualTo("0  a\n2  b\n0  c\n");
        assertThat(model.prompts().get(4)).contains("Steps so far:\nb\n");
    }

    /// Depth first goes back to the next best branch, and cuts off what is not above the threshold.
    @Test
    void depthFirstGoesBack() {
        ScriptedModel model = ScriptedModel.inOrder("a\nb\nc", "dead", "The answer is 7");
        StateScore score = (problem, states, steps, name) -> states.stream()
                .mapToDouble(state -> state.endsWith("c") ? 0.1 : state.endsWith("a") ? 3 : 2)
                .toArray();
        ThoughtSource propose = new ProposedThoughts(CompletionOptions.defaults());
        Outcome outcome = new DepthFirst(propose, score, 0.1, 9).solve(new StepwiseQuestion("q", 2, LAST), model);
        assertThat(outcome.answer()).contains("7");
        assertThat(model.prompts().get(1)).contains("Steps so far:\na\n");
        assertThat(model.prompts().get(2)).contains("Steps so far:\nb\n");
        ScriptedModel short2 = ScriptedModel.inOrder("a\nb", "x", "y");
        Outcome limited = new DepthFirst(propose, score, 0, 2).solve(new StepwiseQuestion("q", 2, LAST), short2);
        assertThat(limited.answer()).as("the first that had all its thoughts").contains("x");
        assertThat(limited.thoughts().getLast().text()).isEqualTo("all visits were made");
    }

    /// Of equally good thoughts the first is followed first; one whose score is the threshold never.
    @Test
    void depthFirstAmongEquals() {
        ScriptedModel model = ScriptedModel.inOrder("a\nb\nc", "dead", "dead too");
        StateScore score = (problem, states, steps, name) -> states.stream()
                .mapToDouble(state -> state.endsWith("c") ? 0.5 : state.contains("dead") ? 0.1 : 2)
                .toArray();
        new DepthFirst(new ProposedThoughts(CompletionOptions.defaults()), score, 0.5, 9)
                .solve(new StepwiseQuestion("q", 2, LAST), model);
        assertThat(model.prompts()).hasSize(3);
        assertThat(model.prompts().get(1)).contains("Steps so far:\na\n");
        assertThat(model.prompts().get(2)).contains("Steps so far:\nb\n");
    }

    @Test
    void noThoughtIsAllowed() {
        BreadthFirst way = new BreadthFirst(
                new ProposedThoughts(CompletionOptions.defaults()), Game24.oracle(), 2, Keep.greedy(), 0);
        assertThat(way.solve(Game24.of("4 9 10 13"), ScriptedModel.inOrder("hm"))
                        .answer())
                .isEmpty();
        assertThat(new DepthFirst(new ProposedThoughts(CompletionOptions.defaults()), Game24.oracle(), 0, 5)
                        .solve(Game24.of("4 9 10 13"), ScriptedModel.inOrder("hm"))
                        .answer())
                .isEmpty();
    }

    @Test
    void aContextThatOverflowsInTheMiddle() {
        TextModel model = LocalModel.chat(TinyChat.model(200));
        ThoughtSource growing = (problem, state, steps, name) -> {
            steps.ask(name, "who is it? ".repeat(state.isEmpty() ? 1 : 60), LINE);
            return List.of(TreeProblem.with(state, "x"));
        };
        StateScore same = (problem, states, steps, name) -> new double[states.size()];
        assertThatThrownBy(() -> new BreadthFirst(growing, same, 1, Keep.greedy(), 0)
                        .solve(new StepwiseQuestion("q", 3, LAST), model))
                .isInstanceOf(ConfigException.class)
                .hasMessageMatching("step level 2: the prompt has \\d+ tokens .* at most 200; shorten it");
    }

    @Test
    void mistakes() {
        assertThatThrownBy(() -> new BreadthFirst(ALL, Game24.oracle(), 0, Keep.greedy(), 0))
                .isInstanceOf(ConfigException.class)
                .hasMessage("breadth must be at least 1; got 0");
        assertThatThrownBy(() -> new DepthFirst(ALL, Game24.oracle(), -1, 1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new DepthFirst(ALL, Game24.oracle(), 0, 0)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new SampledThoughts(0, LINE)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new VoteScore(0, LINE)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new ValueScore(0, LINE)).isInstanceOf(ConfigException.class);
        StateScore negative = (problem, states, steps, name) -> new double[] {-1};
        assertThatThrownBy(() -> new BreadthFirst(new SampledThoughts(1, LINE), negative, 1, Keep.greedy(), 0)
                        .solve(new StepwiseQuestion("q", 1, LAST), ScriptedModel.inOrder("a")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("must be at least 0; got -1.0");
    }
}
