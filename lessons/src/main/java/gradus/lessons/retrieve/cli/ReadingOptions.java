package gradus.lessons.retrieve.cli;

import gradus.lessons.prompt.RecordedModel;
import gradus.lessons.prompt.cli.ModelOption;
import gradus.lessons.retrieve.rag.PromptForm;
import gradus.lessons.retrieve.rag.QuotedContext;
import gradus.lessons.retrieve.rag.Reading;
import gradus.lessons.retrieve.reader.Reader;
import gradus.lessons.retrieve.reader.ReaderForm;
import picocli.CommandLine.Mixin;

/// Which model reads, in the form that it knows.
final class ReadingOptions {
    @Mixin
    private ModelOption model = new ModelOption();

    private RecordedModel recorded;

    /// Opens the model. One that `gradus rag reader` has trained reads its own form, every other one
    /// quotations.
    Reading open() {
        recorded = new RecordedModel(model.open());
        boolean trained = model.path().filter(Reader::is).isPresent();
        PromptForm form = trained ? new ReaderForm() : QuotedContext.defaults();
        return new Reading(recorded, form);
    }

    /// The model that was opened, with what it was asked.
    RecordedModel recorded() {
        return recorded;
    }
}
