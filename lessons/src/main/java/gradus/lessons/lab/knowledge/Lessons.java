package gradus.lessons.lab.knowledge;

import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;

/// What the base model learns from: questions about the old persons without a text, and questions about a text
/// of facts that are drawn anew each time, about old and new persons alike. These are not the facts of the
/// [World]: so reading is learned, and that what was read counts more than what was known, but nothing of the
/// new persons.
///
/// Texts begin short, in which the right name is soon found, and grow.
final class Lessons {
    /// The most facts of a text.
    static final int LONGEST = 48;

    private static final int ASKED = 12; // questions about a text
    private static final int TOKENS = 1024; // of a step's texts
    private static final int RECALLED = 10; // rows of a step without a text
    private static final int ROW = 6; // questions of such a row
    private static final int SHORTEST = 4; // at most, in the first step
    private static final double TOWNS = 0.3;
    private static final double FAR = 0.35;
    private static final double KNOWN = 0.1;
    private static final double STATED = 0.35;

    private final World world;
    private final int steps;
    private final Rng rng;

    /// @param steps how many there are to be
    Lessons(World world, int steps, Rng rng) {
        this.world = world;
        this.steps = steps;
        this.rng = rng;
    }

    /// The batches of a step.
    List<List<Row>> step(int step) {
        return List.of(
                reading(longest(step), rng.at("reading").at(step)),
                recalling(rng.at("recalling").at(step)));
    }

    /// Questions about the old persons, several in a row.
    private List<Row> recalling(Rng draw) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < RECALLED; i++) {
            Row row = new Row(world.words());
            int asked = i % 2 == 0 ? 1 : ROW;
            for (int q = 0; q < asked; q++) {
                Rng own = draw.at(i).at(q);
                tell(row, old(own), own);
            }
            rows.add(row);
        }
        return rows;
    }

    private Fact old(Rng draw) {
        return world.oldFacts().get(draw.index(1, world.oldFacts().size()));
    }

    /// A fact by one of its questions, or as a statement.
    private static void tell(Row row, Fact fact, Rng draw) {
        if (draw.at("stated").uniform(0) < STATED) {
            row.read(fact.relation().word() + " " + fact.subject()).learn(fact.value() + " .");
        } else {
            row.ask(fact.question(draw.at("way").index(0, Relation.WAYS)), fact.value());
        }
    }

    private double longest(int step) {
        return SHORTEST * Math.pow(LONGEST / (double) SHORTEST, Math.min(1, 1.5 * step / steps));
    }

    private List<Row> reading(double longest, Rng draw) {
        int count = (int) Math.round(Math.pow(longest, draw.uniform(0)));
        int rows = Math.max(6, TOKENS / (4 * count + 6 * Math.min(count, ASKED)));
        List<Row> all = new ArrayList<>();
        for (int i = 0; i < Math.min(rows, 64); i++) {
            all.add(reading(count, draw.at(i)));
        }
        return all;
    }

    private Row reading(int count, Rng draw) {
        List<Fact> facts = facts(count, draw.at("facts"));
        Row row = new Row(world.words());
        facts.forEach(fact -> row.read(fact.text()));
        for (int q = 0; q < Math.min(ASKED, count); q++) {
            Rng own = draw.at("questions").at(q);
            Fact fact = facts.get(own.index(0, facts.size()));
            Fact mayor = fact.relation() == Relation.HOME ? find(facts, Relation.MAYOR, fact.value()) : null;
            if (own.uniform(1) < KNOWN) {
                Fact known = old(own);
                Fact read = find(facts, known.relation(), known.subject());
                row.ask(known.question(own.index(3, Relation.WAYS)), read == null ? known.value() : read.value());
            } else if (mayor != null && own.uniform(2) < 2 * FAR) {
                row.ask(World.FAR_QUESTION + " " + fact.subject(), fact.value() + " " + mayor.value());
            } else {
                tell(row, fact, own);
            }
        }
        return row;
    }

    private static Fact find(List<Fact> facts, Relation relation, String subject) {
        return facts.stream()
                .filter(fact -> fact.relation() == relation && fact.subject().equals(subject))
                .findFirst()
                .orElse(null);
    }

    /// Different facts with drawn values, in any order. Many of the homes are in towns whose ruler is told too.
    List<Fact> facts(int count, Rng draw) {
        List<Fact> facts = new ArrayList<>();
        List<String> ruled = new ArrayList<>();
        for (int i = 0; facts.size() < count; i++) {
            Rng own = draw.at(i);
            boolean town = own.uniform(0) < TOWNS && ruled.size() < World.VALUES;
            Relation relation = town ? Relation.MAYOR : own.uniform(1) < 0.5 ? Relation.HOME : Relation.CRAFT;
            List<String> subjects = town ? world.values(Relation.HOME) : world.names();
            String subject = subjects.get(own.index(2, subjects.size()));
            if (find(facts, relation, subject) == null) {
                List<String> values = world.values(relation);
                String value = values.get(own.index(3, values.size()));
                if (relation == Relation.HOME && !ruled.isEmpty() && own.uniform(4) < 0.7) {
                    value = ruled.get(own.index(5, ruled.size()));
                }
                if (town) {
                    ruled.add(subject);
                }
                facts.add(own.index(6, facts.size() + 1), new Fact(relation, subject, value));
            }
        }
        return facts;
    }
}
