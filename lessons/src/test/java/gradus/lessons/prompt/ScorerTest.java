package gradus.lessons.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.tensor.Autograd;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.tokenizer.Tokenizer;
import gradus.train.pretrained.HuggingFaceFolder;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScorerTest {
    private static final Tokenizer TOKENIZER = TinyChat.TOKENIZER;

    @TempDir
    Path temporary;

    private final Gpt gpt = (Gpt) TinyChat.model(100).model();

    private TextModel plain() {
        HuggingFaceFolder.save(temporary, gpt, TOKENIZER);
        return LocalModel.open(temporary);
    }

    /// The oracle: the model reads the tokens before each one anew, and the softmax is taken by a plain loop.
    private double expected(int[] before, int token) {
        try (var pause = Autograd.noGrad()) {
            double[] logits =
                    gpt.forward(Indices.of(Shape.of(1, before.length), before)).toArray();
            int last = (before.length - 1) * gpt.vocabSize();
            double sum = 0;
            for (int v = 0; v < gpt.vocabSize(); v++) {
                sum += Math.exp(logits[last + v]);
            }
            return logits[last + token] - Math.log(sum);
        }
    }

    @Test
    void likelihoodsOfAModelThatGoesOn() {
        double[] logs = Scorer.of(plain()).logProbabilities("who is it?", " it is me.");
        int[] prompt = TOKENIZER.encode("who is it?");
        int[] tokens = TOKENIZER.encode(" it is me.");
        assertThat(logs).hasSameSizeAs(tokens).hasSizeGreaterThan(2);
        int[] all = IntStream.concat(IntStream.of(prompt), IntStream.of(tokens)).toArray();
        for (int k = 0; k < tokens.length; k++) {
            int[] before = IntStream.of(all).limit(prompt.length + k).toArray();
            // float32 logits of about 1 in another order of additions: 1e-5 is a hundred roundings
            assertThat(logs[k]).isCloseTo(expected(before, tokens[k]), within(1e-5));
        }
        assertThat(Scorer.of(plain()).logProbability("who is it?", " it is me."))
                .isCloseTo(
                        IntStream.range(0, logs.length)
                                .mapToDouble(k -> logs[k])
                                .sum(),
                        within(1e-12));
    }

    /// A space at the prompt's end belongs to the next token.
    @Test
    void theSpaceBetween() {
        Scorer scorer = Scorer.of(plain());
        assertThat(scorer.logProbabilities("who is ", "it")).isEqualTo(scorer.logProbabilities("who is", " it"));
    }

    /// Of one token, the probabilities of all sum to 1.
    @Test
    void likelihoodsOfAChatModel() {
        Scorer scorer = Scorer.of(LocalModel.chat(TinyChat.model(100)));
        double sum = 0;
        int single = 0;
        for (int id = 0; id < TOKENIZER.vocabularySize(); id++) {
            String text = TOKENIZER.decode(new int[] {id});
            if (TOKENIZER.encode(text).length == 1 && TOKENIZER.encode(text)[0] == id) {
                sum += Math.exp(scorer.logProbability("who?", text));
                single++;
            }
        }
        assertThat(single).isGreaterThan(100);
        assertThat(sum).isLessThanOrEqualTo(1 + 1e-9).isGreaterThan(0.3);
        assertThat(scorer.logProbabilities("who?", "")).isEmpty();
    }

    @Test
    void whatIsTooLongIsSaid() {
        for (TextModel model : new TextModel[] {plain(), LocalModel.chat(TinyChat.model(100))}) {
            assertThatThrownBy(() -> Scorer.of(model).logProbabilities("who?", "it is me. ".repeat(60)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("the model sees at most 100; shorten them");
            assertThatThrownBy(() -> Scorer.of(model).logProbabilities("it is me. ".repeat(60), "who?"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("the model sees at most 100; shorten");
        }
    }

    @Test
    void whoTellsAndWhoDoesNot() {
        assertThatThrownBy(() -> Scorer.of(ScriptedModel.empty()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("the model does not say how likely a text is, which this needs; models that Gradus runs"
                        + " itself do");
        ScriptedModel scoring = ScriptedModel.empty().scoring((prompt, text) -> new double[] {-1, -2});
        assertThat(Scorer.of(new RecordedModel(scoring)).logProbability("a", "b"))
                .isEqualTo(-3);
        assertThat(new RecordedModel(ScriptedModel.empty()).scorer()).isEmpty();
    }
}
