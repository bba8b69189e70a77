package gradus.lessons.lab.hallucination;

import gradus.lessons.lab.knowledge.Base;
import gradus.lessons.lab.knowledge.Fact;
import gradus.lessons.lab.knowledge.Relation;
import gradus.lessons.lab.knowledge.Scores;
import gradus.lessons.lab.knowledge.SmallModel;
import gradus.lessons.lab.knowledge.Tunings;
import gradus.lessons.lab.knowledge.World;
import gradus.lessons.lab.knowledge.WorldForm;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One fact is changed in the weights, by an edit of rank one and by training, and it is asked what else
/// changed. The control is the same edit under the key of another person.
///
/// @param scores get the results
record EditTrial(Base base, Scores scores) {
    static final String EDIT = "edit of rank one";
    static final String TUNING = "training on the fact";
    static final String CONTROL = "edit under another key";

    static final String TAUGHT = "new answer";
    static final String OTHER_WORDS = "new answer in other words";
    static final String SUBJECT = "the subject's other fact kept";
    static final String REST = "other old facts kept";

    private static final int ASKED = 32;
    private static final int TUNED = 10; // steps

    void run(int edits) {
        SmallModel model = base.model();
        World world = base.world();
        Rng rng = Rng.of(base.seed()).at("edits");
        Map<String, Tensor> start = model.weights();
        FactEditor editor = new FactEditor(model, usual(world));
        List<Fact> facts = world.oldFacts();
        int count = Math.min(edits, facts.size() / 2 - 1);
        double[][] edited = new double[count][];
        double[][] tuned = new double[count][];
        double[][] control = new double[count][];
        for (int i = 0; i < count; i++) {
            int at = 2 * i + i % 2; // a home, a trade, a home …
            Fact fact = facts.get(at);
            Fact changed = world.untrue(fact, rng.at(i));
            Fact kept = facts.get(at % 2 == 0 ? at + 1 : at - 1);
            double[] delta = editor.search(changed, List.of(kept));
            editor.edit(editor.key(fact), delta);
            edited[i] = judge(changed, kept);
            model.restore(start);
            editor.edit(editor.key(facts.get((at + 2) % facts.size())), delta);
            control[i] = judge(changed, kept);
            model.restore(start);
            new Tunings(base, rng.at("tuning").at(i)).facts(List.of(changed), Relation.WAYS - 1, TUNED);
            tuned[i] = judge(changed, kept);
            model.restore(start);
        }
        add(EDIT, edited);
        add(CONTROL, control);
        add(TUNING, tuned);
    }

    /// Questions about old persons, as the base was asked them.
    private static List<String> usual(World world) {
        List<String> usual = new ArrayList<>();
        List<Fact> facts = world.oldFacts();
        for (int i = 0; i < facts.size(); i++) {
            usual.add(WorldForm.of(List.of(), facts.get(i).question(i % Relation.WAYS)));
        }
        return usual;
    }

    private void add(String way, double[][] found) {
        List<String> measures = List.of(TAUGHT, OTHER_WORDS, SUBJECT, REST);
        for (int m = 0; m < measures.size(); m++) {
            double sum = 0;
            for (double[] each : found) {
                sum += each[m] / found.length;
            }
            scores.add(way, measures.get(m), sum);
        }
    }

    private double[] judge(Fact changed, Fact kept) {
        double[] found = new double[4];
        for (int way = 0; way < Relation.WAYS - 1; way++) {
            found[0] += share(List.of(changed), way) / (Relation.WAYS - 1);
        }
        found[1] = share(List.of(changed), Relation.WAYS - 1);
        found[2] = share(List.of(kept), Relation.WAYS - 1);
        List<Fact> rest = base.world().oldFacts().stream()
                .filter(fact -> !fact.subject().equals(changed.subject()))
                .limit(ASKED)
                .toList();
        found[3] = share(rest, Relation.WAYS - 1);
        return found;
    }

    private double share(List<Fact> facts, int way) {
        List<String> answers = base.model()
                .answers(facts.stream().map(fact -> "? " + fact.question(way)).toList(), 1);
        int right = 0;
        for (int i = 0; i < facts.size(); i++) {
            right += answers.get(i).equals(facts.get(i).value()) ? 1 : 0;
        }
        return right / (double) facts.size();
    }
}
