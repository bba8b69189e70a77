package gradus.lessons.retrieve.refine;

import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Passage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Small documents are searched, since a vector of few sentences says clearly what they mean; the larger one
/// that a found one is a part of is read, since answers need what stands around. A parent of several that were
/// found stands where the best of them stood. What has no parent stays as it is.
public final class ParentDocument implements Refinement {
    private final Map<String, List<Document>> byPath = new HashMap<>();

    /// @param parents larger documents of the same files, of other ids than the small ones
    /// @throws gradus.error.ConfigException if two have the same id
    public ParentDocument(List<Document> parents) {
        Document.requireDifferent(parents);
        for (Document parent : parents) {
            byPath.computeIfAbsent(parent.source().path(), path -> new ArrayList<>())
                    .add(parent);
        }
        byPath.values().forEach(each -> each.sort(Comparator.comparingInt(ParentDocument::length)));
    }

    private static int length(Document document) {
        return document.source().end() - document.source().start();
    }

    @Override
    public List<Passage> refine(String question, List<Passage> passages) {
        List<Passage> refined = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Passage passage : passages) {
            Document parent = parent(passage.document());
            if (seen.add(parent.id())) {
                refined.add(passage.withDocument(parent));
            }
        }
        return refined;
    }

    /// The smallest that holds all of it.
    private Document parent(Document child) {
        for (Document parent : byPath.getOrDefault(child.source().path(), List.of())) {
            if (parent.source().start() <= child.source().start()
                    && child.source().end() <= parent.source().end()) {
                return parent;
            }
        }
        return child;
    }
}
