package gradus.lessons.prompt;

import java.util.ArrayList;
import java.util.List;

/// Another model, with all that it is asked and answers kept.
///
/// **Threads.** As many as the other model allows.
public final class RecordedModel implements TextModel {
    private final TextModel model;
    private final List<Exchange> transcript = new ArrayList<>();

    public RecordedModel(TextModel model) {
        this.model = model;
    }

    @Override
    public String complete(String prompt, CompletionOptions options) {
        String answer = model.complete(prompt, options);
        synchronized (transcript) {
            transcript.add(new Exchange(prompt, options, answer));
        }
        return answer;
    }

    /// What was asked and answered so far.
    public List<Exchange> transcript() {
        synchronized (transcript) {
            return List.copyOf(transcript);
        }
    }
}
