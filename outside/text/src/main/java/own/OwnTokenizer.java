package own;

import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;

/// A byte-level BPE trained on a few words: a user of tokenizers alone, without tensors.
public final class OwnTokenizer {
    private OwnTokenizer() {}

    public static void main(String[] arguments) {
        Tokenizer tokenizer = train("low low low lower lower newest newest newest newest widest");
        int[] ids = tokenizer.encode("the lowest");
        System.out.println(ids.length + " tokens: " + tokenizer.decode(ids));
    }

    static Tokenizer train(String text) {
        return new BpeTrainer(BpeTrainerOptions.of(270)).train(text);
    }
}
