package gradus.train.align;

import static gradus.error.ConfigException.require;

import gradus.error.TokenizerException;
import gradus.tokenizer.Tokenizer;
import gradus.train.pretrained.RewardFolder;
import gradus.train.rl.Completion;
import gradus.train.rl.ScoredPrompts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A reward model that scores what a policy writes. It reads the prompt and the completion as it read the
/// answers it was trained on: with the token that closes an answer, if its tokenizer has one and the completion
/// ended.
public final class RewardScore implements ScoredPrompts.Score {
    private final RewardFolder reward;
    private final int[] closing; // the token that closes an answer, or none

    private RewardScore(RewardFolder reward, int[] closing) {
        this.reward = reward;
        this.closing = closing;
    }

    /// Opens a reward model for a policy.
    ///
    /// @param tokenizer the policy's
    /// @throws gradus.error.ConfigException if the reward model has another tokenizer
    /// @throws gradus.error.DataException   if there is no reward model
    public static RewardScore open(Path folder, Tokenizer tokenizer) {
        RewardFolder reward = RewardFolder.load(folder);
        Tokenizer own = reward.tokenizer();
        require(
                own.vocabularySize() == tokenizer.vocabularySize(),
                "the reward model %s has another tokenizer than the model that writes: %d tokens and %d",
                folder,
                own.vocabularySize(),
                tokenizer.vocabularySize());
        for (int id = 0; id < own.vocabularySize(); id++) {
            String scored = token(own, id);
            String written = token(tokenizer, id);
            require(
                    scored.equals(written),
                    "the reward model %s has another tokenizer than the model that writes: token %d is %s and %s",
                    folder,
                    id,
                    scored,
                    written);
        }
        List<Integer> eos = tokenizer.roles().eos();
        return new RewardScore(reward, eos.isEmpty() ? new int[0] : new int[] {eos.getFirst()});
    }

    private static String token(Tokenizer tokenizer, int id) {
        try {
            return "\"" + tokenizer.idToToken(id) + "\"";
        } catch (TokenizerException hole) {
            return "none";
        }
    }

    /// The most tokens of a prompt with its completion.
    public int context() {
        return reward.model().model().context();
    }

    @Override
    public double[] of(List<int[]> prompts, List<Completion> completions) {
        List<int[]> texts = new ArrayList<>();
        for (int i = 0; i < completions.size(); i++) {
            texts.add(text(prompts.get(i), completions.get(i)));
        }
        return reward.scores(texts);
    }

    private int[] text(int[] prompt, Completion completion) {
        int[] answer = completion.answer();
        int[] close = completion.ended() ? closing : new int[0];
        int[] text = Arrays.copyOf(prompt, prompt.length + answer.length + close.length);
        System.arraycopy(answer, 0, text, prompt.length, answer.length);
        System.arraycopy(close, 0, text, prompt.length + answer.length, close.length);
        return text;
    }

    /// What tells this reward model from any other.
    public String fingerprint() {
        return reward.sum();
    }
}
