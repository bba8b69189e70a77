package gradus.train.run;

import gradus.layers.model.BertMaskedLm;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.train.corpus.ControlTokens;
import gradus.train.generate.FillMask;
import gradus.train.task.EncoderTokens;
import gradus.train.task.MaskedLm;
import gradus.train.task.Masking;
import gradus.train.task.Task;
import gradus.train.task.Texts;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// A BERT, which guesses hidden tokens.
final class TrainedEncoder implements Trained {
    private static final int SAMPLES = 10;

    private final RunSetup setup;
    private final BertMaskedLm bert;
    private final EncoderTokens tokens;

    TrainedEncoder(RunSetup setup) {
        this.setup = setup;
        this.tokens = ControlTokens.of(setup.tokenizer());
        this.bert = new BertMaskedLm(
                EncoderSize.encoder(setup.config().model()), Rng.of(seed()).at("init"));
    }

    private long seed() {
        return setup.config().train().seed();
    }

    @Override
    public BertMaskedLm model() {
        return bert;
    }

    @Override
    public Task task() {
        return new MaskedLm(
                bert,
                setup.text().split(),
                tokens,
                setup.config().train().batches(),
                Rng.of(seed()).at("batches"));
    }

    @Override
    public String kind() {
        return "BERT";
    }

    /// Texts that were held back, with hidden tokens, and the model's guesses in their order.
    @Override
    public void sample(Consumer<String> sample) {
        Tokenizer tokenizer = setup.tokenizer();
        FillMask fill = new FillMask(bert, tokenizer);
        Texts texts = new Texts(
                setup.text().split().validation(), tokens, bert.config().context());
        for (int i = 0; i < Math.min(SAMPLES, texts.count()); i++) {
            int[] text = texts.at(i);
            int[] labels = new Masking(tokens)
                    .of(text, Rng.of(seed()).at("sample").at(i))
                    .labels();
            int[] hidden = text.clone();
            StringBuilder truth = new StringBuilder();
            for (int place = 0; place < text.length; place++) {
                if (labels[place] >= 0) {
                    hidden[place] = tokens.mask();
                    truth.append(' ').append(tokenizer.idToToken(text[place]));
                }
            }
            StringBuilder guesses = new StringBuilder();
            for (List<FillMask.Fill> guess : fill.fill(hidden, 1)) {
                guesses.append(' ').append(guess.getFirst().token());
            }
            String shown = tokenizer.decode(Arrays.copyOfRange(hidden, 1, hidden.length - 1));
            sample.accept(shown + "\n  hidden:  " + truth.toString().strip() + "\n  guessed: "
                    + guesses.toString().strip() + "\n");
        }
    }
}
