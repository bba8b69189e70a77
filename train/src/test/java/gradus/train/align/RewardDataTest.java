package gradus.train.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.layers.model.Llama;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.position.PlainFrequencies;
import gradus.tensor.random.Rng;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.TokenizerPipeline.Frame;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.chat.ChatTemplate;
import gradus.tokenizer.chat.ChatTokens;
import gradus.tokenizer.normalize.NoNormalizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.TrainConfig;
import gradus.train.finetune.FullTuning;
import gradus.train.finetune.OpenBase;
import gradus.train.instruct.ChatFormat;
import gradus.train.preference.PreferenceEncoder;
import gradus.train.preference.PreferenceFile;
import gradus.train.preference.PreferencePairs;
import gradus.train.preference.RewardModelling;
import gradus.train.pretrained.GenerationConfig;
import gradus.train.pretrained.RewardFolder;
import gradus.train.run.SavedModel;
import gradus.train.run.text.ModelText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RewardDataTest {
    private static final TokenizerPipeline TOKENIZER = tokenizer();

    @TempDir
    private Path folder;

    private static TokenizerPipeline tokenizer() {
        ByteLevelBpe bpe = new BpeTrainer(BpeTrainerOptions.of(300)).train("who is it? it is me. ".repeat(40));
        int size = bpe.vocabularySize();
        return bpe.withFrame(Frame.of(
                List.of(AddedToken.special(size, "<|im_start|>"), AddedToken.special(size + 1, "<|im_end|>")),
                new NoNormalizer()));
    }

    private static OpenBase base() {
        Gpt model = new Gpt(new GptConfig(TOKENIZER.vocabularySize(), 64, 1, 2, 8, 0), Rng.of(1));
        SavedModel saved = new SavedModel(model, ModelText.of(TOKENIZER), GenerationConfig.NONE, null, Set.of());
        return new OpenBase(Path.of("base"), saved, model);
    }

    private RewardData data() throws IOException {
        String row = "{'chosen': [{'role': 'user', 'content': '%s'}, {'role': 'assistant', 'content': 'it is.'}],"
                + " 'rejected': [{'role': 'user', 'content': '%s'}, {'role': 'assistant', 'content': 'me.'}]}\n";
        Path file = Files.writeString(
                folder.resolve("p.jsonl"),
                (row.formatted("who?", "who?") + row.formatted("is it?", "is it?")).replace('\'', '"'));
        return new RewardData(new AnswerSource(List.of(file), List.of(), 0, ChatFormat.CHATML, line -> {}), 0);
    }

    /// A ChatML turn is followed by the end of a line, which no policy writes; it is not read, so that the
    /// score is that of the token that closes the turn.
    @Test
    void conversationsEndWithTheAnswer() throws IOException {
        RewardData data = data();
        OpenBase base = data.base(base());
        var tuned = new RewardTuning().on(base, Rng.of(1));
        var task =
                (RewardModelling) data.task(tuned, base, TrainConfig.defaults().withBatchSize(2), folder);
        var tokenizer = base.saved().text().tokenizer();
        PreferencePairs read = new PreferenceEncoder(
                        tokenizer, ChatTokens.of(ChatTemplate.of(tokenizer.roles()), tokenizer))
                .encode(PreferenceFile.read(folder.resolve("p.jsonl")));
        PreferencePairs cut = read.endingWith(Set.of(tokenizer.tokenToId("<|im_end|>")));
        int[] chosen = cut.chosen().ids(0);
        assertThat(tokenizer.decode(chosen)).endsWith("it is.<|im_end|>");
        assertThat(read.chosen().length(0)).isGreaterThan(chosen.length);
        assertThat(task.fingerprint()).contains(cut.sum()).doesNotContain(read.sum());
        int padding = RewardFolder.padding(tokenizer, base.saved().generation());
        assertThat(task.fingerprint()).endsWith(" " + padding);
    }

    @Test
    void onlyARewardModelIsTrained() throws IOException {
        RewardData data = data();
        OpenBase base = data.base(base());
        var whole = new FullTuning().on(base, Rng.of(1));
        assertThatThrownBy(() -> data.task(whole, base, TrainConfig.defaults(), folder))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("a reward model is trained as a whole");
        assertThatThrownBy(() -> new PolicySettings(AlignmentMethod.RM, null, null, null))
                .isInstanceOf(ConfigException.class);
    }

    /// A head that predicts tokens is not a part of what is trained.
    @Test
    void theHeadOfTheBaseRests() {
        Llama llama =
                new Llama(new LlamaConfig(31, 16, 1, 2, 1, 4, 8, 12, 1e-6, new PlainFrequencies(), false), Rng.of(2));
        RewardTuning.Scored scored = new RewardTuning().on(llama, Rng.of(1));
        assertThat(scored.trained()).containsKey("score.weight").doesNotContainKey("model.lm_head.weight");
        assertThat(scored.trainedParameters()).isEqualTo(scored.baseParameters() - 31 * 8 + 8);
        assertThat(scored.adapter()).isNull();
    }
}
