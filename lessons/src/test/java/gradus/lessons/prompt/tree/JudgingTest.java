package gradus.lessons.prompt.tree;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.ScriptedModel;
import gradus.lessons.prompt.Steps;
import gradus.lessons.prompt.Thought;
import gradus.lessons.prompt.answer.AnswerExtractor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgingTest {
    private static final StepwiseQuestion CATS = new StepwiseQuestion("q", 4, AnswerExtractor.number());

    private static BreadthFirst way(int breadth) {
        return new BreadthFirst(
                new ProposedThoughts(CompletionOptions.defaults()),
                new ValueScore(1, CompletionOptions.defaults()),
                breadth,
                Keep.greedy(),
                0);
    }

    /// A solution that the model finds impossible ends nothing while better states stand before it; it is not
    /// thought further, nor judged again.
    @Test
    void aSolutionBehindOthersWaits() {
        ScriptedModel model = ScriptedModel.inOrder("A cat has 4 legs.\nThe answer is 7", "The answer is 12")
                .when(prompt -> prompt.contains("The answer is 7\nVerdict:"), "impossible")
                .when(prompt -> prompt.endsWith("Verdict:"), "sure");
        Outcome outcome = way(5).solve(CATS, model);
        assertThat(outcome.answer()).contains("12");
        assertThat(outcome.thoughts().getLast().text()).isEqualTo("0.001  The answer is 7\n20  The answer is 12\n");
        assertThat(model.prompts()).as("two proposals, three values").hasSize(5);
    }

    /// One that waited is the answer where the others come to nothing.
    @Test
    void aSolutionThatWaitedIsBetterThanNone() {
        ScriptedModel model = ScriptedModel.inOrder("a\nThe answer is 7", "b", "c", "d")
                .when(prompt -> prompt.contains("The answer is 7\nVerdict:"), "likely")
                .when(prompt -> prompt.endsWith("Verdict:"), "sure");
        assertThat(way(2).solve(CATS, model).answer()).contains("7");
        ScriptedModel ends = ScriptedModel.inOrder("a\nThe answer is 7", "")
                .when(prompt -> prompt.contains("The answer is 7\nVerdict:"), "likely")
                .when(prompt -> prompt.endsWith("Verdict:"), "sure");
        assertThat(way(2).solve(CATS, ends).answer()).contains("7");
    }

    /// A state that was thought of twice is followed once, even where there is room.
    @Test
    void duplicatesAreNotFollowed() {
        ScriptedModel model = ScriptedModel.inOrder("a\na\nb", "The answer is 1", "x")
                .when(prompt -> prompt.endsWith("Verdict:"), "likely");
        Outcome outcome = way(5).solve(CATS, model);
        assertThat(outcome.answer()).contains("1");
        assertThat(outcome.thoughts().stream().map(Thought::name))
                .contains("level 2, state 1", "level 2, state 2")
                .doesNotContain("level 2, state 3");
    }

    @ParameterizedTest
    @CsvSource({
        "sure,20",
        "Sure.,20",
        "It is 12.\\nsure,20",
        "**Likely**,1",
        "Verdict: impossible,0.001",
        "I am not sure.,0",
        "not likely,0",
        "surely,0",
        "sure\\nor not,0",
        "...,0"
    })
    void verdicts(String answer, double value) {
        String text = answer.replace("\\n", "\n");
        assertThat(CATS.value(text)).isEqualTo(value);
        assertThat(Game24.of("4 9 10 13").value(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "' 2, as it has 10 left.'|2",
                "2|2",
                "**2**. It has 10 left.|2",
                "Choice 2.|2",
                "3|3",
                "4|0",
                "Choice 1 is wrong, so it is 2|2",
                "Choice 1 has 9 left. The best choice is 2, as it has 10.|2",
                "10, of all|0",
                "none|0"
            })
    void votes(String answer, int choice) {
        double[] scores = new VoteScore(1, CompletionOptions.defaults())
                .of(CATS, List.of("a", "b", "c"), new Steps(ScriptedModel.inOrder(answer)), "v");
        for (int i = 0; i < 3; i++) {
            assertThat(scores[i]).as("choice %s", i + 1).isEqualTo(i + 1 == choice ? 1 : 0);
        }
    }

    /// Numbers and bullets are taken off, signs and decimals are not.
    @Test
    void signsAreNoBullets() {
        assertThat(CATS.next("", "1. one\n- two\n2)three\n-5 + 3 = -2\n3.5 is more\n* 4"))
                .containsExactly("one", "two", "three", "-5 + 3 = -2", "3.5 is more", "4");
    }
}
