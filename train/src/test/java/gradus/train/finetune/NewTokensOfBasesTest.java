package gradus.train.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.Targets;
import gradus.layers.model.BertMaskedLm;
import gradus.layers.model.Gpt;
import gradus.layers.model.Llama;
import gradus.layers.model.config.BertConfig;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.model.prompt.PromptTuned;
import gradus.layers.prompt.PromptTable;
import gradus.tensor.random.Rng;
import gradus.train.pretrained.peft.PeftFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    /// A token that the base lacks has a row in each table that an opened adapter changes.
    @Test
    void everyTableHasARowForEachNewToken() {
        LlamaConfig sizes = LlamaConfig.of(16, 2, 1)
                .withHidden(24)
                .withVocabSize(9)
                .withContext(8)
                .withTied(false);
        LoraConfig lora = LoraConfig.of(Targets.named(List.of("q_proj"))).withR(2);
        Map<String, List<Integer>> both = Map.of("embed_tokens", List.of(8, 7, 6), "lm_head", List.of(6, 8, 7));
        Adapters all = PeftFolder.prepare(new Llama(sizes, Rng.of(1)));
        all.add(AdapterTuning.NAME, lora.withTrainableTokens(both), Rng.of(2));
        new NewTokens(6, 9).requireIn(all, ADAPTER);
        new NewTokens(9, 9).requireIn(null, ADAPTER); // none are asked for
        assertThatThrownBy(() -> new NewTokens(5, 9).requireIn(all, ADAPTER))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("this one has no token 5");
        Adapters table = PeftFolder.prepare(new Llama(sizes, Rng.of(1)));
        table.add(AdapterTuning.NAME, lora.withTrainableTokens(Map.of("embed_tokens", List.of(6, 7, 8))), Rng.of(2));
        assertThatThrownBy(() -> new NewTokens(6, 9).requireIn(table, ADAPTER))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("this one has no token 6")
                .hasMessageContaining("lm_head");
    }
}
