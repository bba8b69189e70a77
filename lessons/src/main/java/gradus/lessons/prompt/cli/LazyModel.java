package gradus.lessons.prompt.cli;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Scorer;
import gradus.lessons.prompt.TextModel;
import java.util.Optional;
import java.util.function.Supplier;

/// A model that is opened when it is first asked, so that a wrong option is told before gigabytes are read.
final class LazyModel implements TextModel {
    private final Supplier<TextModel> source;
    private TextModel model;

    LazyModel(Supplier<TextModel> source) {
        this.source = source;
    }

    private synchronized TextModel model() {
        if (model == null) {
            model = source.get();
        }
        return model;
    }

    @Override
    public String complete(String prompt, CompletionOptions options) {
        return model().complete(prompt, options);
    }

    @Override
    public Optional<Scorer> scorer() {
        return model().scorer();
    }
}
