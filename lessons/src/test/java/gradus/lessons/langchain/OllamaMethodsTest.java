package gradus.lessons.langchain;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.ScriptedModel;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.answer.AnswerExtractor;
import gradus.lessons.prompt.method.SelfConsistency;
import gradus.lessons.prompt.method.ZeroShotChain;
import gradus.lessons.prompt.react.ReAct;
import gradus.lessons.prompt.react.tool.Calculator;
import gradus.lessons.prompt.template.Chain;
import gradus.lessons.prompt.template.PromptTemplate;
import gradus.lessons.prompt.tree.BreadthFirst;
import gradus.lessons.prompt.tree.Game24;
import gradus.lessons.prompt.tree.Keep;
import gradus.lessons.prompt.tree.ProposedThoughts;
import gradus.lessons.prompt.tree.ValueScore;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// The same programs on a script and on the same script behind Ollama's API, through LangChain4j: the same
/// outcome, prompt for prompt.
class OllamaMethodsTest {
    private static void same(List<String> answers, Function<TextModel, Outcome> program, String answer)
            throws Exception {
        String[] row = answers.toArray(String[]::new);
        ScriptedModel script = ScriptedModel.inOrder(row);
        Outcome expected = program.apply(script);
        ScriptedModel served = ScriptedModel.inOrder(row);
        try (OllamaStub stub = new OllamaStub(served)) {
            assertThat(program.apply(LangChainText.ollama(stub.url(), "tiny"))).isEqualTo(expected);
            assertThat(stub.requests()).hasSameSizeAs(script.transcript());
        }
        assertThat(served.prompts()).isEqualTo(script.prompts());
        assertThat(expected.answer()).contains(answer);
    }

    @Test
    void react() throws Exception {
        same(
                List.of(" Multiply.\nAction 1: calculate[127 * 4]\nObservation 1: 7", " Done.\nAction 2: finish[508]"),
                model -> new ReAct(model, List.of(new Calculator())).ask("legs?"),
                "508");
    }

    @Test
    void tree() throws Exception {
        CompletionOptions options = CompletionOptions.defaults();
        BreadthFirst way =
                new BreadthFirst(new ProposedThoughts(options), new ValueScore(1, options), 1, Keep.greedy(), 0);
        same(
                List.of("4 + 9 = 13\n10 - 4 = 6", "impossible", "sure", "13 - 9 = 4", "sure", "4 * 6 = 24", "sure"),
                model -> way.solve(Game24.of("4 9 10 13"), model),
                "(13 - 9) * (10 - 4)");
    }

    @Test
    void chains() throws Exception {
        same(
                List.of(" 4 legs", " 12 "),
                model -> Chain.of(model)
                        .then("facts", PromptTemplate.of("{q} facts:"))
                        .then("answer", PromptTemplate.of("{q} {facts} answer:"))
                        .run(Map.of("q", "legs?")),
                "12");
        same(
                List.of("3 * 4 = 12.", " 12", "3 * 4 = 11.", " 11", "Twelve.", "12"),
                model -> SelfConsistency.counted(new ZeroShotChain(model, AnswerExtractor.number()), 3)
                        .ask("legs?"),
                "12");
    }
}
