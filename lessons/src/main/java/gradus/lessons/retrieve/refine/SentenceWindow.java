package gradus.lessons.retrieve.refine;

import static gradus.error.ConfigException.require;

import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Passage;
import gradus.lessons.retrieve.search.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What stands before and behind a passage in its file is read with it. Where every sentence is a document of
/// its own, this is the *sentence window*: one sentence is searched, several are read.
///
/// Neighbours are those of the ids `path#number`, as files are indexed. Windows that touch become one, at the
/// rank of the better, so that no sentence is read twice. The spaces between two documents are not kept by an
/// index; here they are one line break.
public final class SentenceWindow implements Refinement {
    private static final Pattern ID = Pattern.compile("(.*)#(\\d{1,9})", Pattern.DOTALL);

    private final Function<String, Optional<Document>> documents;
    private final int width;

    /// @param documents the document of an id
    /// @param width     how many neighbours on each side
    /// @throws gradus.error.ConfigException unless width ≥ 0
    public SentenceWindow(Function<String, Optional<Document>> documents, int width) {
        require(width >= 0, "the width of a window must not be negative; got %d", width);
        this.documents = documents;
        this.width = width;
    }

    /// The documents `first` to `last` of a file, as far as it goes.
    ///
    /// @param found the furthest of those that were found
    /// @param best  the best of them
    private record Window(String path, int first, int last, int found, Passage best) {
        boolean touches(Window other) {
            return path.equals(other.path) && first <= other.last + 1 && other.first <= last + 1;
        }

        Window with(Window other) {
            return new Window(
                    path,
                    Math.min(first, other.first),
                    Math.max(last, other.last),
                    Math.max(found, other.found),
                    best.score() >= other.best.score() ? best : other.best);
        }
    }

    @Override
    public List<Passage> refine(String question, List<Passage> passages) {
        List<Object> found = new ArrayList<>(); // windows, and passages that have no neighbours
        for (Passage passage : passages) {
            Matcher id = ID.matcher(passage.document().id());
            if (!id.matches()) {
                found.add(passage);
                continue;
            }
            int number = Integer.parseInt(id.group(2));
            int first = Math.max(1, number - width);
            int last = (int) Math.min(Integer.MAX_VALUE - 1, (long) number + width);
            join(found, new Window(id.group(1), first, last, number, passage));
        }
        return found.stream()
                .map(each -> each instanceof Window window ? passage(window) : (Passage) each)
                .toList();
    }

    private static void join(List<Object> found, Window added) {
        Window whole = added;
        int place = found.size();
        for (int i = found.size() - 1; i >= 0; i--) {
            if (found.get(i) instanceof Window window && window.touches(whole)) {
                whole = window.with(whole);
                found.remove(i);
                place = i;
            }
        }
        found.add(Math.min(place, found.size()), whole);
    }

    private Passage passage(Window window) {
        List<Document> parts = new ArrayList<>();
        for (int number = window.first; number <= window.last; number++) {
            Optional<Document> part = documents.apply(window.path + "#" + number);
            part.ifPresent(parts::add);
            if (part.isEmpty() && number > window.found) {
                break; // the file ends
            }
        }
        if (parts.isEmpty()) { // it is gone from the index meanwhile, or came from elsewhere
            return window.best;
        }
        Document first = parts.getFirst();
        Document last = parts.getLast();
        if (parts.size() == 1) {
            return window.best.withDocument(first);
        }
        Source source = new Source(
                first.source().path(), first.source().start(), last.source().end());
        String text = String.join("\n", parts.stream().map(Document::text).toList());
        String id = first.id() + "-" + last.id().substring(last.id().lastIndexOf('#') + 1);
        return window.best.withDocument(new Document(id, text, first.metadata(), source));
    }
}
