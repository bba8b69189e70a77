package gradus.train.run;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.error.TokenizerException;
import gradus.error.UsageException;
import gradus.layers.model.config.GptConfig;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.TrainConfig;
import gradus.train.corpus.Corpus;
import gradus.train.corpus.Corpus.FileFacts;
import gradus.train.run.provenance.Circumstances;
import gradus.train.run.provenance.Release;
import gradus.train.run.text.EncodedText;
import gradus.train.run.text.ModelText;
import gradus.train.run.text.TokenizerSource;
import gradus.train.task.ContrastiveConfig;
import gradus.train.task.LanguageModelling;
import java.util.List;

/// What a training run is made of: its settings, and the text as tokens.
///
/// @param config  what the run's config.json tells
/// @param resumed whether the run goes on with an earlier one
public record RunSetup(
        Plan plan, RunConfig config, Tokenizer tokenizer, ModelText modelText, EncodedText text, boolean resumed) {

    /// What the run is to be made of.
    ///
    /// @param separator the control token between documents; null if there is none
    /// @param task      what is learnt
    /// @param contrastive how vectors are compared; null unless that is learnt
    public record Plan(
            RunFolder folder,
            String preset,
            Corpus corpus,
            TokenizerSource source,
            String separator,
            TrainConfig train,
            RunTask task,
            ContrastiveConfig contrastive) {

        /// Predicting the next token.
        public Plan(
                RunFolder folder,
                String preset,
                Corpus corpus,
                TokenizerSource source,
                String separator,
                TrainConfig train) {
            this(folder, preset, corpus, source, separator, train, RunTask.LM, null);
        }
    }

    /// Makes ready to begin. Nothing of an earlier run is touched yet.
    ///
    /// @param shape           the model's, whose vocabulary is the data's unless given
    /// @param vocabularyGiven whether it was
    public static RunSetup begin(Plan plan, GptConfig shape, boolean vocabularyGiven) {
        Tokenizer tokenizer = plan.source().of(plan.corpus());
        GptConfig sized = sized(shape, vocabularyGiven, tokenizer.vocabularySize());
        requireSizes(sized, plan.train());
        ModelText modelText = modelText(tokenizer, plan);
        EncodedText text = encoded(plan, modelText, sized, false);
        RunConfig.Data facts = new RunConfig.Data(
                plan.corpus().name(),
                text.split().train().size(),
                text.split().validation().size(),
                tokenizer.vocabularySize(),
                Tokenizers.fingerprint(tokenizer),
                plan.corpus().linesAreEntries(),
                plan.corpus().files(),
                plan.separator());
        RunConfig config = new RunConfig(
                Release.number(),
                plan.preset(),
                plan.task(),
                facts,
                sized,
                plan.train(),
                plan.contrastive(),
                Circumstances.now());
        return new RunSetup(plan, config, tokenizer, modelText, text, false);
    }

    /// Makes ready to go on with a run where its newest checkpoint left it.
    ///
    /// @param begun what it was begun with
    public static RunSetup resume(Plan plan, RunConfig begun) {
        Tokenizer tokenizer = plan.source().of(plan.corpus());
        if (!Tokenizers.fingerprint(tokenizer).equals(begun.data().tokenizer())) {
            throw new CheckpointMismatchException(plan.folder().tokenizer()
                    + " is not the tokenizer that the run was begun with; its fingerprint differs");
        }
        requireSameFiles(plan.corpus(), begun.data());
        boolean several = plan.corpus().files().size() > 1;
        ModelText modelText = begun.task().isEncoder()
                ? ModelText.ofLines(tokenizer)
                : ModelText.of(
                        tokenizer, plan.separator(), several, plan.folder().config());
        EncodedText text;
        try {
            text = encoded(plan, modelText, begun.model(), begun.data().files() != null);
        } catch (TokenizerException e) {
            throw new DataException(
                    "%s has changed since the run was begun: %s"
                            .formatted(plan.corpus().name(), e.getMessage()),
                    e);
        }
        return new RunSetup(plan, begun, tokenizer, modelText, text, true);
    }

    private static ModelText modelText(Tokenizer tokenizer, Plan plan) {
        return plan.task().isEncoder()
                ? ModelText.ofLines(tokenizer)
                : ModelText.of(
                        tokenizer, plan.separator(), plan.corpus().files().size() > 1);
    }

    private static void requireSameFiles(Corpus corpus, RunConfig.Data begun) {
        if (begun.files() == null) {
            return; // as an earlier version began it; the checkpoint knows the tokens
        }
        List<String> then = begun.files().stream().map(FileFacts::sha256).toList();
        for (int i = 0; i < corpus.files().size(); i++) {
            FileFacts now = corpus.files().get(i);
            if (i >= then.size() || !then.get(i).equals(now.sha256())) {
                throw new DataException("%s: the data has changed since the run was begun; give it the same data, or"
                                .formatted(now.path())
                        + " start anew");
            }
        }
        if (corpus.files().size() != then.size()) {
            throw new DataException("the data has changed since the run was begun: it was %s files; now there are %s"
                    .formatted(then.size(), corpus.files().size()));
        }
    }

    private static EncodedText encoded(Plan plan, ModelText modelText, GptConfig shape, boolean reuse) {
        EncodedText text =
                EncodedText.of(plan.corpus(), modelText, plan.folder().tokens(), reuse);
        String name = plan.corpus().name();
        Corpus.requireTokens("training", name, text.split().train().size(), shape.context());
        Corpus.requireTokens("validation", name, text.split().validation().size(), shape.context());
        return text;
    }

    private static GptConfig sized(GptConfig shape, boolean vocabularyGiven, int vocabulary) {
        if (!vocabularyGiven) {
            return shape.withVocabSize(vocabulary);
        }
        if (shape.vocabSize() < vocabulary) {
            throw new UsageException("--model.vocabSize is %s; the tokenizer of the text has %s tokens"
                    .formatted(shape.vocabSize(), vocabulary));
        }
        return shape;
    }

    private static void requireSizes(GptConfig shape, TrainConfig train) {
        try {
            LanguageModelling.requireSizes(shape.context(), shape.vocabSize(), train.batchSize());
        } catch (ConfigException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }
}
