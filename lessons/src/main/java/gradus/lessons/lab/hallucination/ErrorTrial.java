package gradus.lessons.lab.hallucination;

import gradus.lessons.lab.knowledge.Base;
import gradus.lessons.lab.knowledge.Fact;
import gradus.lessons.lab.knowledge.Relation;
import gradus.lessons.lab.knowledge.Scores;
import gradus.lessons.lab.knowledge.Shelf;
import gradus.lessons.lab.knowledge.SmallModel;
import gradus.lessons.lab.knowledge.Tunings;
import gradus.lessons.lab.knowledge.World;
import gradus.lessons.lab.knowledge.WorldForm;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/// The errors of one model: with what it reads, and after what was done against them.
final class ErrorTrial {
    static final String ALONE = "no text";
    static final String TRUE = "a true text";
    static final String FALSE = "a false text";
    static final String OTHERS = "a text about others";
    static final String RETRIEVAL = "retrieval";
    static final String ABSTENTION = "abstention training";
    static final String BOTH = "abstention training and retrieval";

    static final String KNOWN = "known";
    static final String UNTOLD = "untold";

    static final String RIGHT = "right";
    static final String FACTUAL = "factual errors";
    static final String UNFAITHFUL = "faithfulness errors";
    static final String ABSTAINED = "abstained";

    private static final int ASKED = 32;
    private static final int AROUND = 3; // other facts of a text
    private static final int TUNED = 60; // steps

    private final Base base;
    private final World world;
    private final SmallModel model;
    private final Scores scores;
    private final Rng rng;
    private final List<Fact> known;
    private final List<Fact> untold;
    private final List<Fact> declared;

    /// @param scores get the results
    ErrorTrial(Base base, Scores scores) {
        this.base = base;
        this.world = base.world();
        this.model = base.model();
        this.scores = scores;
        this.rng = Rng.of(base.seed()).at("errors");
        this.known = some(world.oldFacts());
        List<Fact> fresh = world.newFacts();
        int half = fresh.size() / 2;
        this.untold = some(fresh.subList(0, half));
        this.declared = fresh.subList(half, fresh.size());
    }

    private static List<Fact> some(List<Fact> facts) {
        return facts.subList(0, Math.min(ASKED, facts.size()));
    }

    /// What it makes of texts, with the facts that they give.
    void texts() {
        judge(ALONE, fact -> null);
        judge(TRUE, fact -> fact);
        judge(
                FALSE,
                fact -> world.untrue(
                        fact,
                        rng.at("false").at(fact.subject()).at(fact.relation().ordinal())));
        judge(OTHERS, fact -> null, true);
    }

    private void judge(String way, Function<Fact, Fact> given) {
        judge(way, given, false);
    }

    private void judge(String way, Function<Fact, Fact> given, boolean others) {
        for (String kind : List.of(KNOWN, UNTOLD)) {
            List<Fact> facts = kind.equals(KNOWN) ? known : untold;
            List<String> prompts = new ArrayList<>();
            List<String> read = new ArrayList<>();
            for (Fact fact : facts) {
                Fact told = given.apply(fact);
                List<String> texts = new ArrayList<>();
                if (told != null || others) {
                    around(fact).forEach(each -> texts.add(each.text()));
                }
                if (told != null) {
                    texts.add(rng.at("place").at(fact.subject()).index(0, texts.size() + 1), told.text());
                }
                prompts.add(WorldForm.of(texts, fact.question(Relation.WAYS - 1)));
                read.add(told == null ? null : told.value());
            }
            count(way, kind, facts, model.answers(prompts, 2), read);
        }
    }

    /// Facts about other persons of whom nothing was told, with drawn values.
    private List<Fact> around(Fact fact) {
        List<Fact> around = new ArrayList<>();
        Rng draw = rng.at("around").at(fact.subject()).at(fact.relation().ordinal());
        for (int i = 0; around.size() < Math.min(AROUND, declared.size()); i++) {
            Fact other = declared.get(draw.index(i, declared.size()));
            if (around.stream()
                    .noneMatch(
                            each -> each.document().id().equals(other.document().id()))) {
                around.add(world.untrue(other, draw.at(i)));
            }
        }
        return around;
    }

    private void count(String way, String kind, List<Fact> facts, List<String> answers, List<String> read) {
        double[] shares = new double[4];
        for (int i = 0; i < facts.size(); i++) {
            Judgement judged = Judgement.of(answers.get(i), facts.get(i).value(), read.get(i));
            shares[0] += judged.right() ? 1 : 0;
            shares[1] += judged.factual() ? 1 : 0;
            shares[2] += judged.unfaithful() ? 1 : 0;
            shares[3] += judged.abstained() ? 1 : 0;
        }
        List<String> measures = List.of(RIGHT, FACTUAL, UNFAITHFUL, ABSTAINED);
        for (int i = 0; i < shares.length; i++) {
            scores.add(way, measure(kind, measures.get(i)), shares[i] / facts.size());
        }
    }

    /// Under what name a share is kept.
    static String measure(String kind, String measure) {
        return kind + ": " + measure;
    }

    /// What retrieval and training to abstain change.
    ///
    /// @param folder of the index
    void remedies(Path folder) {
        Map<String, Tensor> start = model.weights();
        List<Fact> all = Stream.concat(world.oldFacts().stream(), world.newFacts().stream())
                .toList();
        try (Shelf shelf = new Shelf(folder.resolve("index-" + base.seed()), all, model)) {
            retrieve(RETRIEVAL, shelf);
            new Tunings(base, rng.at("abstention")).abstention(world.oldFacts(), declared, TUNED);
            judge(ABSTENTION, fact -> null);
            retrieve(BOTH, shelf);
        }
        model.restore(start);
    }

    private void retrieve(String way, Shelf shelf) {
        for (String kind : List.of(KNOWN, UNTOLD)) {
            List<Fact> facts = kind.equals(KNOWN) ? known : untold;
            count(
                    way,
                    kind,
                    facts,
                    shelf.answers(facts.stream()
                            .map(fact -> fact.question(Relation.WAYS - 1))
                            .toList()),
                    facts.stream().map(Fact::value).toList());
        }
    }
}
