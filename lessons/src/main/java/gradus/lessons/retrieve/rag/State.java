package gradus.lessons.retrieve.rag;

import gradus.lessons.retrieve.search.Passage;
import java.util.ArrayList;
import java.util.List;

/// What the modules of a [ModularRag] hand on to each other.
///
/// @param question what was asked
/// @param queries  what is searched for; at first the question
/// @param passages what was found so far
/// @param answer   null until there is one
/// @param trace    which modules did what
public record State(String question, List<String> queries, List<Passage> passages, Answer answer, List<String> trace) {
    public State {
        queries = List.copyOf(queries);
        passages = List.copyOf(passages);
        trace = List.copyOf(trace);
    }

    static State of(String question) {
        return new State(question, List.of(question), List.of(), null, List.of());
    }

    public State withQueries(List<String> other) {
        return new State(question, other, passages, answer, trace);
    }

    public State withPassages(List<Passage> other) {
        return new State(question, queries, other, answer, trace);
    }

    public State withAnswer(Answer other) {
        return new State(question, queries, passages, other, trace);
    }

    State traced(String what) {
        List<String> longer = new ArrayList<>(trace);
        longer.add(what);
        return new State(question, queries, passages, answer, longer);
    }
}
