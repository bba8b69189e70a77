package gradus.train.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.layers.model.BertMaskedLm;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.BertConfig;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.prompt.PromptTuned;
import gradus.layers.prompt.PromptTable;
import gradus.tensor.random.Rng;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Bases that cannot have more tokens, or need none.
class NewTokensOfBasesTest {
    private static final Path ADAPTER = Path.of("adapter");

    @Test
    void aBaseThatCannotGrowIsNamed() {
        Gpt gpt = new Gpt(new GptConfig(7, 8, 1, 2, 8, 0), Rng.of(1));
        PromptTuned cannot = new PromptTuned(gpt, new PromptTable(2, 8, Rng.of(2)));
        assertThatThrownBy(() -> new NewTokens(7, 9).in(cannot, ADAPTER))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessage("adapter: has tokens that the base lacks: tokens cannot be added to a PromptTuned");
        assertThat(new NewTokens(7, 7).in(cannot, ADAPTER)).isSameAs(cannot);
    }

    /// An encoder's adapter has no tokens of its own.
    @Test
    void anEncoderNeedsNone() {
        BertMaskedLm bert = new BertMaskedLm(new BertConfig(9, 8, 2, 1, 2, 8, 8, 0.0, 1e-12), Rng.of(1));
        NewTokens none = NewTokens.of(bert, ADAPTER);
        assertThat(none.in(bert, ADAPTER)).isSameAs(bert);
        none.requireIn(null, ADAPTER); // asks nothing of its rows
    }
}
