package gradus.lessons.prompt.cli;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.answer.AnswerExtractor;
import gradus.lessons.prompt.demonstration.Selection;
import gradus.lessons.prompt.method.ChainOfThought;
import gradus.lessons.prompt.method.FewShotChain;
import gradus.lessons.prompt.method.ZeroShotChain;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/// A chain of thought: with demonstrations where there are some.
final class ChainOptions {
    @Mixin
    private AnswerOption answer = new AnswerOption();

    @Mixin
    private DemonstrationOptions demonstrations = new DemonstrationOptions();

    ChainOfThought chain(TextModel model, CompletionOptions options) {
        AnswerExtractor extractor = answer.extractor();
        Optional<Selection> selection = demonstrations.selection(options.seed());
        return selection.isPresent()
                ? new FewShotChain(model, selection.get(), extractor, options)
                : new ZeroShotChain(
                        model,
                        ZeroShotChain.TRIGGER,
                        answer.isNumber() ? ZeroShotChain.NUMBER_CLOSING : ZeroShotChain.CLOSING,
                        extractor,
                        options);
    }
}
