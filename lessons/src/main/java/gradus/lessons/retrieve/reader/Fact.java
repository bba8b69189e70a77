package gradus.lessons.retrieve.reader;

import java.util.ArrayList;
import java.util.List;

/// What a sentence states of a word, and what can be asked of it.
///
/// @param word    of which the sentence is
/// @param kind    what it is a kind of
/// @param synonym another word for it, or null
public record Fact(String word, String kind, String synonym) {

    /// A question, and what the sentence answers.
    public record Question(String text, String answer) {}

    /// All that it states: `sea dog is a kind of sailor. sea dog is also called mariner.`
    public String text() {
        return kindSentence() + "." + (synonym == null ? "" : " " + synonymSentence() + ".");
    }

    private String kindSentence() {
        return word + " is a kind of " + kind;
    }

    private String synonymSentence() {
        return word + " is also called " + synonym;
    }

    /// The questions that it answers.
    public List<Question> questions() {
        List<Question> questions = new ArrayList<>();
        questions.add(new Question("What is " + word + " a kind of?", kindSentence()));
        if (synonym != null) {
            questions.add(new Question("What is " + word + " also called?", synonymSentence()));
        }
        return questions;
    }

    /// The same of the same word with other answers, which are wrong in the world.
    public Fact withAnswers(String otherKind, String otherSynonym) {
        return new Fact(word, otherKind, synonym == null ? null : otherSynonym);
    }
}
