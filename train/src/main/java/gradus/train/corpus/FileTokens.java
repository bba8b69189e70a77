package gradus.train.corpus;

import gradus.tokenizer.corpus.TokenFile;
import gradus.train.task.Tokens;

/// The ids of a token file, read where they are needed.
public record FileTokens(TokenFile file) implements Tokens {
    @Override
    public long size() {
        return file.size();
    }

    @Override
    public void copy(long from, int[] to, int at, int length) {
        System.arraycopy(file.read(from, length), 0, to, at, length);
    }
}
