package gradus.lessons.lab.knowledge;

import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.TrainingListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// One country and one model: its new facts are taught in every way, and everything is asked.
final class KnowledgeTrial {
    static final String NOTHING = "nothing taught";
    static final String CONTEXT = "long context";
    static final String ONCE = "retrieval";
    static final String TWICE = "retrieval twice";
    static final String EXCHANGED = "retrieval of false facts";
    static final String ONE_WORDING = "weights 1 wording";
    static final String WORDINGS = "weights 3 wordings";
    static final String REHEARSED = "weights 3 wordings and rehearsal";
    static final String STYLED = "weights styled answers";
    static final String PLAIN = "weights plain answers";
    static final String SHOWN = "4 examples in the context";

    static final String NEW = "new as taught";
    static final String OTHER_WORDS = "new in other words";
    static final String OLD = "old";
    static final String FAR = "two facts";
    static final String STYLE = "in style";
    static final String STYLE_RIGHT = "in style and right";

    /// The way of asking in which nothing new is taught.
    static final int HELD_WAY = Relation.WAYS - 1;

    private static final int LONGEST_ANSWER = 3;
    private static final int EXAMPLES = 4;

    private final KnowledgePlan plan;
    private final Base base;
    private final World world;
    private final SmallModel model;
    private final Map<String, Tensor> start;
    private final Rng rng;
    private final Scores scores;
    private final Path folder;
    private final List<Fact> body;
    private final List<Fact> oldAsked;

    /// @param scores get the results
    /// @param folder of the indexes
    KnowledgeTrial(KnowledgePlan plan, Base base, Scores scores, Path folder) {
        this.plan = plan;
        this.base = base;
        this.world = base.world();
        this.model = base.model();
        this.start = model.weights();
        this.rng = Rng.of(base.seed()).at("knowledge");
        this.scores = scores;
        this.folder = folder;
        this.body = Stream.concat(world.newFacts().stream(), world.mayors().stream())
                .toList();
        this.oldAsked = some(world.oldFacts());
    }

    private static List<Fact> some(List<Fact> facts) {
        return facts.subList(0, Math.min(KnowledgePlan.ASKED, facts.size()));
    }

    /// Everything, one after the other.
    void run() {
        ask(NOTHING, this::closed);
        List<String> texts = body.stream().map(Fact::text).toList();
        ask(
                CONTEXT,
                questions -> model.answers(
                        questions.stream()
                                .map(question -> WorldForm.of(texts, question))
                                .toList(),
                        LONGEST_ANSWER));
        retrieve();
        List<Fact> untrue = new ArrayList<>();
        for (int i = 0; i < body.size(); i++) {
            untrue.add(world.untrue(body.get(i), rng.at("untrue").at(i)));
        }
        try (Shelf shelf = shelf("false", untrue)) {
            ask(EXCHANGED, shelf::answers);
        }
        style();
        tune(ONE_WORDING, 1, List.of());
        tune(REHEARSED, HELD_WAY, world.oldFacts());
        tune(WORDINGS, HELD_WAY, List.of());
        new OneFact(base, scores, rng.at("one fact")).weights(model.weights());
        model.restore(start);
    }

    private Shelf shelf(String name, List<Fact> facts) {
        return new Shelf(folder.resolve("index-" + name + "-" + base.seed()), facts, model);
    }

    private void retrieve() {
        List<Fact> all = Stream.concat(body.stream(), world.oldFacts().stream()).toList();
        try (Shelf shelf = shelf("true", all)) {
            ask(ONCE, shelf::answers);
            ask(TWICE, questions -> {
                var rag = shelf.twice();
                return questions.stream()
                        .map(question -> rag.ask(question).plain())
                        .toList();
            });
            new OneFact(base, scores, rng.at("one fact")).index(shelf);
        }
    }

    private void tune(String way, int ways, List<Fact> rehearsed) {
        model.restore(start);
        new Tunings(base, rng.at(way)).facts(body, ways, rehearsed, plan.tuneSteps(), new TrainingListener() {});
        ask(way, this::closed);
    }

    private List<String> closed(List<String> questions) {
        return model.answers(questions.stream().map(question -> "? " + question).toList(), LONGEST_ANSWER);
    }

    private void ask(String way, UnaryOperator<List<String>> answers) {
        List<Fact> fresh = some(world.newFacts());
        List<Fact> homes =
                fresh.stream().filter(fact -> fact.relation() == Relation.HOME).toList();
        add(way, NEW, answers, fresh, 0);
        add(way, OTHER_WORDS, answers, fresh, HELD_WAY);
        add(way, OLD, answers, oldAsked, HELD_WAY);
        scores.add(
                way,
                FAR,
                Base.share(
                        answers.apply(homes.stream()
                                .map(home -> World.FAR_QUESTION + " " + home.subject())
                                .toList()),
                        homes.stream().map(world::farAnswer).toList()));
    }

    private void add(String way, String measure, UnaryOperator<List<String>> answers, List<Fact> facts, int asking) {
        scores.add(
                way,
                measure,
                Base.share(
                        answers.apply(facts.stream()
                                .map(fact -> fact.question(asking))
                                .toList()),
                        facts.stream().map(Fact::value).toList()));
    }

    // --- style

    private void style() {
        int half = Math.min(world.oldFacts().size() / 2, KnowledgePlan.ASKED);
        List<Fact> shown = world.oldFacts().subList(0, half);
        List<Fact> asked = world.oldFacts().subList(half, 2 * half);
        model.restore(start);
        StringBuilder examples = new StringBuilder();
        shown.subList(0, EXAMPLES)
                .forEach(fact -> examples.append("? ")
                        .append(fact.question(0))
                        .append(' ')
                        .append(Tunings.inStyle(fact.value()))
                        .append(" . "));
        judgeStyle(SHOWN, examples.toString(), asked);
        for (boolean styled : new boolean[] {false, true}) {
            model.restore(start);
            new Tunings(base, rng.at("style")).style(shown, styled, plan.tuneSteps());
            judgeStyle(styled ? STYLED : PLAIN, "", asked);
        }
        model.restore(start);
    }

    private void judgeStyle(String way, String before, List<Fact> asked) {
        List<String> answers = model.answers(
                asked.stream()
                        .map(fact -> before + "? " + fact.question(HELD_WAY))
                        .toList(),
                LONGEST_ANSWER + 1);
        scores.add(
                way,
                STYLE,
                answers.stream()
                                .filter(answer -> answer.startsWith(World.GREETING + " ")
                                        && answer.endsWith(" " + World.FAREWELL))
                                .count()
                        / (double) asked.size());
        scores.add(
                way,
                STYLE_RIGHT,
                Base.share(
                        answers,
                        asked.stream()
                                .map(fact -> Tunings.inStyle(fact.value()))
                                .toList()));
    }
}
