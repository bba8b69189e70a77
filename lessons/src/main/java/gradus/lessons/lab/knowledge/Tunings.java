package gradus.lessons.lab.knowledge;

import gradus.tensor.random.Rng;
import gradus.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/// Ways of teaching something to the weights of a [Base].
public final class Tunings {
    private static final TrainingListener QUIET = new TrainingListener() {};

    private final Base base;
    private final Rng rng;

    /// @param rng in which order, and in which words
    public Tunings(Base base, Rng rng) {
        this.base = base;
        this.rng = rng;
    }

    /// Teaches facts, all of them in every step, each asked for in a way that is drawn.
    ///
    /// @param ways      in how many ways they are asked for, of [Relation#WAYS]
    /// @param rehearsed as many of these are told besides in every step, in all ways
    public void facts(List<Fact> facts, int ways, List<Fact> rehearsed, int steps, TrainingListener listener) {
        rows(
                (step, draw) -> {
                    List<Row> rows = new ArrayList<>();
                    for (int i = 0; i < facts.size(); i++) {
                        rows.add(asked(facts.get(i), draw.at("way").index(i, ways)));
                    }
                    for (int i = 0; i < (rehearsed.isEmpty() ? 0 : facts.size()); i++) {
                        Fact old = rehearsed.get(draw.at("old").index(i, rehearsed.size()));
                        rows.add(asked(old, draw.at("old way").index(i, Relation.WAYS)));
                    }
                    return rows;
                },
                steps,
                listener);
    }

    /// The same without rehearsal.
    public void facts(List<Fact> facts, int ways, int steps) {
        facts(facts, ways, List.of(), steps, QUIET);
    }

    /// Teaches to answer in style, or plainly.
    ///
    /// @param facts whose answers are shown, in all ways of asking but the last
    public void style(List<Fact> facts, boolean styled, int steps) {
        rows(
                (step, draw) -> {
                    List<Row> rows = new ArrayList<>();
                    for (int i = 0; i < facts.size(); i++) {
                        Fact fact = facts.get(i);
                        String question = fact.question(draw.index(i, Relation.WAYS - 1));
                        rows.add(row().ask(question, styled ? inStyle(fact.value()) : fact.value()));
                    }
                    return rows;
                },
                steps,
                QUIET);
    }

    /// An answer in style.
    static String inStyle(String answer) {
        return World.GREETING + " " + answer + " " + World.FAREWELL;
    }

    /// Teaches to say that nothing is known of some, and to go on answering of others.
    ///
    /// @param known   are answered
    /// @param unknown are answered [World#UNKNOWN]
    public void abstention(List<Fact> known, List<Fact> unknown, int steps) {
        rows(
                (step, draw) -> {
                    List<Row> rows = new ArrayList<>();
                    for (int i = 0; i < unknown.size(); i++) {
                        rows.add(row().ask(
                                        unknown.get(i)
                                                .question(draw.at("unknown").index(i, Relation.WAYS)),
                                        World.UNKNOWN));
                        rows.add(asked(
                                known.get(draw.at("known").index(i, known.size())),
                                draw.at("way").index(i, Relation.WAYS)));
                    }
                    return rows;
                },
                steps,
                QUIET);
    }

    private Row asked(Fact fact, int way) {
        return row().ask(fact.question(way), fact.value());
    }

    private Row row() {
        return new Row(base.world().words());
    }

    private void rows(BiFunction<Integer, Rng, List<Row>> rows, int steps, TrainingListener listener) {
        RowTask task = new RowTask(
                base.model().gpt(),
                step -> List.of(rows.apply(step, rng.at("tuning").at(step))),
                "tuning");
        base.model().tune(task, steps, KnowledgePlan.TUNE_LR, base.seed(), listener);
    }
}
