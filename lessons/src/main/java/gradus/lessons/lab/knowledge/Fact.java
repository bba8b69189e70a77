package gradus.lessons.lab.knowledge;

import gradus.lessons.retrieve.search.Document;

/// One fact of a [World]: `home dalo kirton .`
///
/// @param subject of which it is
/// @param value   what is the case
public record Fact(Relation relation, String subject, String value) {
    /// As a sentence.
    public String text() {
        return relation.word() + " " + subject + " " + value + " .";
    }

    /// As a document, called by what it says of what.
    public Document document() {
        return Document.of(relation.word() + " " + subject, text());
    }

    /// What can be asked of it, without the question mark in front.
    ///
    /// @param way from 0 to [Relation#WAYS] − 1
    public String question(int way) {
        return relation.question(way) + " " + subject;
    }

    /// The same with another value.
    public Fact withValue(String other) {
        return new Fact(relation, subject, other);
    }
}
