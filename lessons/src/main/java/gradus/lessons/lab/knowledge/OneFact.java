package gradus.lessons.lab.knowledge;

import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.StepReport;
import gradus.train.TrainingListener;
import java.util.List;
import java.util.Map;

/// What it takes to make one fact known: somebody has moved, or changed trade. Four times, each from the same
/// beginning.
///
/// @param scores get the results
record OneFact(Base base, Scores scores, Rng rng) {
    static final String INDEX = "one fact in the index";
    static final String WEIGHTS = "one fact in the weights";
    static final String SECONDS = "seconds";
    static final String LONGEST = "seconds at most";
    static final String ANSWERED = "answered";
    static final String STEPS = "steps";
    static final String STEPS_OTHER = "steps in other words";
    static final String KEPT_NEW_THEN = "other new facts kept then";
    static final String KEPT_OLD_THEN = "old facts kept then";
    static final String KEPT_NEW = "other new facts kept";
    static final String KEPT_OLD = "old facts kept";

    private static final int FACTS = 4;
    private static final double NANO = 1e-9;

    private List<Fact> facts() {
        List<Fact> fresh = base.world().newFacts();
        return fresh.subList(0, Math.min(FACTS, fresh.size()));
    }

    private Fact changed(int i) {
        return base.world().untrue(facts().get(i), rng.at(i));
    }

    /// Adds each to an index, and puts the true one back.
    void index(Shelf shelf) {
        double seconds = 0;
        double longest = 0;
        int answered = 0;
        for (int i = 0; i < facts().size(); i++) {
            Fact changed = changed(i);
            double took = shelf.add(changed);
            seconds += took;
            longest = Math.max(longest, took);
            String answer = shelf.answers(List.of(changed.question(KnowledgeTrial.HELD_WAY)))
                    .getFirst();
            answered += answer.equals(changed.value()) ? 1 : 0;
            shelf.add(facts().get(i));
        }
        scores.add(INDEX, SECONDS, seconds / facts().size());
        scores.add(INDEX, LONGEST, longest);
        scores.add(INDEX, ANSWERED, answered / (double) facts().size());
    }

    /// Teaches each to weights that know the true one.
    void weights(Map<String, Tensor> start) {
        int count = facts().size();
        double[] curve = new double[KnowledgePlan.MOST_STEPS];
        double seconds = 0;
        double steps = 0;
        double stepsOther = 0;
        double keptNewThen = 0;
        double keptOldThen = 0;
        double keptNew = 0;
        double keptOld = 0;
        for (int i = 0; i < count; i++) {
            base.model().restore(start);
            Fact changed = changed(i);
            Watch watch = new Watch(changed);
            new Tunings(base, rng.at("tuning").at(i))
                    .facts(List.of(changed), KnowledgeTrial.HELD_WAY, List.of(), KnowledgePlan.MOST_STEPS, watch);
            for (int step = 0; step < curve.length; step++) {
                curve[step] += (step + 1 >= watch.other ? 1.0 : 0) / count;
            }
            seconds += watch.seconds / count;
            steps += watch.taught / (double) count;
            stepsOther += watch.other / (double) count;
            keptNewThen += watch.keptNew / count;
            keptOldThen += watch.keptOld / count;
            keptNew += kept(others(changed)) / count;
            keptOld += kept(base.world().oldFacts()) / count;
        }
        scores.add(WEIGHTS, SECONDS, seconds);
        scores.add(WEIGHTS, STEPS, steps);
        scores.add(WEIGHTS, STEPS_OTHER, stepsOther);
        scores.add(WEIGHTS, KEPT_NEW_THEN, keptNewThen);
        scores.add(WEIGHTS, KEPT_OLD_THEN, keptOldThen);
        scores.add(WEIGHTS, KEPT_NEW, keptNew);
        scores.add(WEIGHTS, KEPT_OLD, keptOld);
        for (int step = 0; step < curve.length; step++) {
            scores.add(WEIGHTS, curve(step + 1), curve[step]);
        }
    }

    /// Under what name the share of facts that are answered after so many steps is kept.
    static String curve(int step) {
        return "answered after " + step;
    }

    private List<Fact> others(Fact changed) {
        String id = changed.document().id();
        return base.world().newFacts().stream()
                .filter(fact -> !fact.document().id().equals(id))
                .toList();
    }

    private double kept(List<Fact> facts) {
        List<Fact> asked = facts.subList(0, Math.min(KnowledgePlan.ASKED, facts.size()));
        return Base.share(
                base.model()
                        .answers(
                                asked.stream()
                                        .map(fact -> "? " + fact.question(KnowledgeTrial.HELD_WAY))
                                        .toList(),
                                2),
                asked.stream().map(Fact::value).toList());
    }

    /// Looks after each step whether the fact is answered yet. One that never is counts as one step more than
    /// there were.
    private final class Watch implements TrainingListener {
        private final Fact fact;
        private final long began = System.nanoTime();
        private int taught = KnowledgePlan.MOST_STEPS + 1;
        private int other = KnowledgePlan.MOST_STEPS + 1;
        private double seconds;
        private double keptNew;
        private double keptOld;

        private Watch(Fact fact) {
            this.fact = fact;
        }

        @Override
        public void onStep(StepReport report) {
            if (Math.max(taught, other) <= KnowledgePlan.MOST_STEPS) {
                return;
            }
            base.model().gpt().eval();
            List<String> answers = base.model()
                    .answers(List.of("? " + fact.question(0), "? " + fact.question(KnowledgeTrial.HELD_WAY)), 2);
            if (answers.get(0).equals(fact.value())) {
                taught = Math.min(taught, report.step());
            }
            if (answers.get(1).equals(fact.value())) {
                other = Math.min(other, report.step());
            }
            seconds = (System.nanoTime() - began) * NANO;
            if (Math.max(taught, other) <= KnowledgePlan.MOST_STEPS || report.step() == KnowledgePlan.MOST_STEPS) {
                keptNew = kept(others(fact)); // now that it is first answered, or given up
                keptOld = kept(base.world().oldFacts());
            }
            base.model().gpt().train();
        }
    }
}
