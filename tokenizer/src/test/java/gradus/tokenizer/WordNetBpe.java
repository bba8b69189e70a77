package gradus.tokenizer;

import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;

/// The 4,096 BPE of WordNet, trained once for all tests.
public final class WordNetBpe {
    private static ByteLevelBpe tokenizer;

    private WordNetBpe() {}

    public static synchronized ByteLevelBpe get() {
        if (tokenizer == null) {
            tokenizer = new BpeTrainer(BpeTrainerOptions.of(4096)).train(WordNetText.text());
        }
        return tokenizer;
    }
}
