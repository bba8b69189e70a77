package gradus.train.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.layers.model.RewardModel;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.random.Rng;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.TokenizerPipeline.Frame;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.normalize.NoNormalizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.preference.Preference;
import gradus.train.preference.PreferenceEncoder;
import gradus.train.preference.PreferencePairs;
import gradus.train.pretrained.GenerationConfig;
import gradus.train.pretrained.RewardFolder;
import gradus.train.rl.Completion;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RewardScoreTest {
    private static final TokenizerPipeline TOKENIZER = tokenizer("<|pad|>");
    private static final int EOS = TOKENIZER.tokenToId("<|end|>");

    @TempDir
    private Path folder;

    private static TokenizerPipeline tokenizer(String padding) {
        ByteLevelBpe bpe = new BpeTrainer(BpeTrainerOptions.of(300)).train("who is it? it is me. ".repeat(40));
        int size = bpe.vocabularySize();
        return bpe.withFrame(Frame.of(
                        List.of(AddedToken.special(size, padding), AddedToken.special(size + 1, "<|end|>")),
                        new NoNormalizer()))
                .withRoles(SpecialTokens.NONE.withPad(size).withEos(List.of(size + 1)));
    }

    @BeforeEach
    void save() {
        Gpt base = new Gpt(new GptConfig(TOKENIZER.vocabularySize(), 24, 1, 2, 8, 0), Rng.of(1));
        RewardFolder.save(folder, new RewardModel(base, Rng.of(2)).eval(), TOKENIZER, GenerationConfig.NONE);
    }

    /// A completion that ended is read with its closing token, as the answers that the reward model learned
    /// from.
    @Test
    void readsWhatAPolicyWroteAsAnAnswerOfAFile() {
        PreferencePairs pairs = new PreferenceEncoder(TOKENIZER, null)
                .encode(List.of(new Preference.Text("f:1", "who is it?", " me.", " it.", 0)));
        RewardFolder reward = RewardFolder.load(folder);
        double[] trained =
                reward.scores(List.of(pairs.chosen().ids(0), pairs.rejected().ids(0)));
        RewardScore score = RewardScore.open(folder, TOKENIZER);
        int[] prompt = TOKENIZER.encode("who is it?");
        int[] me = closed(TOKENIZER.encode(" me."));
        int[] it = closed(TOKENIZER.encode(" it."));
        double[] written = score.of(List.of(prompt, prompt), List.of(completion(me, true), completion(it, true)));
        assertThat(written).isEqualTo(trained);
        int[] open = Arrays.copyOf(me, me.length - 1);
        double cut = score.of(List.of(prompt), List.of(completion(open, false)))[0];
        int[] text = Arrays.copyOf(prompt, prompt.length + open.length);
        System.arraycopy(open, 0, text, prompt.length, open.length);
        assertThat(cut).isEqualTo(reward.scores(List.of(text))[0]).isNotEqualTo(trained[0]);
        assertThat(score.context()).isEqualTo(24);
        assertThat(score.fingerprint()).hasSize(64).isEqualTo(reward.sum());
    }

    private static int[] closed(int[] ids) {
        int[] all = Arrays.copyOf(ids, ids.length + 1);
        all[ids.length] = EOS;
        return all;
    }

    private static Completion completion(int[] tokens, boolean ended) {
        return new Completion(tokens, new double[tokens.length], ended);
    }

    @Test
    void anotherTokenizerIsRefused() {
        assertThatThrownBy(() -> RewardScore.open(folder, tokenizer("<|fill|>")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("has another tokenizer than the model that writes: token ")
                .hasMessageContaining("is \"<|pad|>\" and \"<|fill|>\"");
    }
}
