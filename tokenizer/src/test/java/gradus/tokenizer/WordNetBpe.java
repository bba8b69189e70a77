package gradus.tokenizer;

/// The 4,096 BPE of WordNet, trained once for all tests.
final class WordNetBpe {
    private static ByteLevelBpe tokenizer;

    private WordNetBpe() {}

    static synchronized ByteLevelBpe get() {
        if (tokenizer == null) {
            tokenizer = new BpeTrainer(BpeTrainerOptions.of(4096)).train(WordNetText.text());
        }
        return tokenizer;
    }
}
