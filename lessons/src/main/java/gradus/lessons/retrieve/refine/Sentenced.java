package gradus.lessons.retrieve.refine;

import gradus.lessons.retrieve.chunk.Sentences;
import gradus.lessons.retrieve.chunk.Span;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Passage;
import gradus.lessons.retrieve.search.Source;
import java.util.ArrayList;
import java.util.List;

/// A passage in sentences.
record Sentenced(Passage passage, List<Span> spans) {
    static Sentenced of(Passage passage) {
        return new Sentenced(passage, Sentences.of(passage.text()));
    }

    List<String> texts() {
        return spans.stream()
                .map(span -> passage.text().substring(span.start(), span.end()))
                .toList();
    }

    /// Only these sentences: those that stand side by side stay together, so each part is one of the passage's
    /// text and has its own place in the file. All of them is the passage itself.
    List<Passage> only(boolean... kept) {
        List<Passage> parts = new ArrayList<>();
        for (int i = 0; i < kept.length; i++) {
            int first = i;
            while (i < kept.length && kept[i]) {
                i++;
            }
            if (i - first == spans.size()) {
                return List.of(passage);
            }
            if (i > first) {
                parts.add(part(spans.get(first).start(), spans.get(i - 1).end(), parts.size() + 1));
            }
        }
        return parts;
    }

    private Passage part(int from, int to, int number) {
        Document whole = passage.document();
        Source source = whole.source();
        boolean exact = source.end() - source.start() == whole.text().length();
        Source own = exact ? new Source(source.path(), source.start() + from, source.start() + to) : source;
        return passage.withDocument(
                new Document(whole.id() + "/" + number, whole.text().substring(from, to), whole.metadata(), own));
    }
}
