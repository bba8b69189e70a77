package gradus.lessons.retrieve.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A document that was found, or a part of one, with what it says.
///
/// @param score how well it fits; more is better
public record Passage(Document document, double score) {
    /// The documents of hits, in their order; one that is gone meanwhile is left out.
    ///
    /// @param documents the document of an id
    public static List<Passage> of(List<Hit> hits, Function<String, Optional<Document>> documents) {
        List<Passage> passages = new ArrayList<>();
        for (Hit hit : hits) {
            documents.apply(hit.id()).ifPresent(each -> passages.add(new Passage(each, hit.score())));
        }
        return passages;
    }

    /// What it says.
    public String text() {
        return document.text();
    }

    /// Where it stands.
    public Source source() {
        return document.source();
    }

    /// The same score with another document.
    public Passage withDocument(Document other) {
        return new Passage(other, score);
    }
}
