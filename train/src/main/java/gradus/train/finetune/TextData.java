package gradus.train.finetune;

import gradus.layers.model.LanguageModel;
import gradus.train.TrainConfig;
import gradus.train.corpus.Corpus;
import gradus.train.run.text.BitsPerByte;
import gradus.train.run.text.EncodedText;
import gradus.train.run.text.ModelText;
import gradus.train.task.Task;
import java.nio.file.Path;

/// A running text, of which every token is predicted.
public final class TextData implements TuningData {
    private final Corpus corpus;
    private BitsPerByte bits = BitsPerByte.UNKNOWN; // until it is cut into tokens

    public TextData(Corpus corpus) {
        this.corpus = corpus;
    }

    @Override
    public Task task(Tuned tuned, OpenBase base, TrainConfig train, Path folder) {
        LanguageModel model = tuned.model();
        ModelText text = base.saved().text();
        EncodedText encoded = EncodedText.of(corpus, text, folder, false);
        bits = encoded.bits();
        Corpus.requireTokens("training", corpus.name(), encoded.split().train().size(), model.context());
        Corpus.requireTokens(
                "validation", corpus.name(), encoded.split().validation().size(), model.context());
        return train.newTask(model, encoded.split());
    }

    @Override
    public BitsPerByte bits() {
        return bits;
    }
}
