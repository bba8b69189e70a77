package gradus.lessons.prompt.method;

import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.PromptMethod;
import gradus.lessons.prompt.Scorer;
import gradus.lessons.prompt.Thought;
import gradus.lessons.prompt.demonstration.LabelProbabilities;
import gradus.lessons.prompt.demonstration.Selection;
import gradus.lessons.prompt.demonstration.TaskForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Classifies by the label that the model finds likeliest behind the prompt; it writes nothing, so the answer
/// is always one of the labels. See [LabelProbabilities].
///
/// @param calibrated whether what the model prefers without a question is divided out
public record LabelChoice(Scorer scorer, TaskForm form, Selection selection, List<String> labels, boolean calibrated)
        implements PromptMethod {
    @Override
    public Outcome ask(String question) {
        var probabilities = new LabelProbabilities(scorer, form, selection.select(question), labels);
        double[] decisive = probabilities.of(question);
        List<Thought> thoughts = new ArrayList<>();
        thoughts.add(new Thought("likelihoods", "", shown(decisive)));
        if (calibrated) {
            double[] bias = probabilities.calibration(LabelProbabilities.CONTENT_FREE);
            thoughts.add(new Thought("without a question", "", shown(bias)));
            decisive = probabilities.calibrated(decisive, bias);
            thoughts.add(new Thought("calibrated", "", shown(decisive)));
        }
        return new Outcome(Optional.of(probabilities.best(decisive)), thoughts);
    }

    private String shown(double... probabilities) {
        StringBuilder shown = new StringBuilder();
        for (int y = 0; y < probabilities.length; y++) {
            shown.append(String.format(Locale.ROOT, "%.3f", probabilities[y]))
                    .append("  ")
                    .append(labels.get(y))
                    .append('\n');
        }
        return shown.toString();
    }
}
