package gradus.lessons.thoughts;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

final class BreadthStepExercise {
    private static final String SORT = "states.sort(Comparator.comparingDouble(state -> -scores.get(state)));";
    private static final String KEEP = "states.subList(0, Math.min(b, states.size()))";
    private static final String ADD = "different.addAll(next.get(state));";

    private BreadthStepExercise() {}

    static Exercise exercise() {
        return Exercise.of(BreadthStep.class, "A step of breadth-first search")
                .forbid("BreadthFirst", "Keep", "Scored")
                .probe(
                        "from the beginning",
                        "the scores of A, B, C are 1, 5, 3: B and C are kept, B first",
                        t -> call(t, 2, "root", "root>A B C", "root=9 A=1 B=5 C=3"))
                .probe("the best alone", "", t -> call(t, 1, "root", "root>A B C", "root=0 A=1 B=5 C=3"))
                .probe(
                        "two kept states",
                        "A's C and D have 7 and 6, B's E has 5: the two best are both A's",
                        t -> call(t, 2, "A B", "A>C D;B>E F", "A=3 B=2 C=7 D=6 E=5 F=1"))
                .probe(
                        "the better ones come from the second",
                        "E and F have 8 and 9",
                        t -> call(t, 2, "A B", "A>C D;B>E F", "A=3 B=2 C=4 D=5 E=8 F=9"))
                .probe(
                        "what is kept was better than what comes",
                        "states are replaced by those that come next: C, not A",
                        t -> call(t, 1, "A B", "A>C;B>D", "A=9 B=8 C=2 D=1"))
                .probe(
                        "two ways to one state",
                        "C counts once, with 4: B's D has 5 and comes first, then C, then E with 1",
                        t -> call(t, 3, "A B", "A>C E;B>C D", "A=0 B=0 C=4 D=5 E=1"))
                .probe(
                        "the same with places for two",
                        "a second C would take D's place",
                        t -> call(t, 2, "A B", "A>C;B>D C", "A=0 B=0 C=4 D=3"))
                .probe(
                        "equal scores",
                        "all have 2: C and D come first",
                        t -> call(t, 2, "B A", "A>E F;B>C D", "A=1 B=1 C=2 D=2 E=2 F=2"))
                .probe(
                        "a score of 0",
                        "it is a score like others: there is room for all three",
                        t -> call(t, 3, "root", "root>A B C", "root=0 A=0 B=1 C=0"))
                .probe("fewer than b", "both are kept", t -> call(t, 5, "root", "root>A B", "root=0 A=1 B=2"))
                .probe("a dead end beside another", "", t -> call(t, 2, "A B", "A>;B>C", "A=5 B=1 C=0.5"))
                .probe("dead ends only", "nothing is kept", t -> call(t, 2, "A B", "A>;B>", "A=5 B=1"))
                .probe(
                        "scores of one and two digits",
                        "10 is more than 9",
                        t -> call(t, 2, "root", "root>A B C", "root=0 A=8 B=10 C=9"))
                .probe("scores below 0", "-1 is more than -2", t -> call(t, 1, "root", "root>A B", "root=0 A=-2 B=-1"))
                .probe("a wide step", "", BreadthStepExercise::drawn)
                .bug(
                        "The b best are kept of each state, not of all together",
                        ADD,
                        "List<String> own = new ArrayList<>(next.get(state));"
                                + " own.sort(Comparator.comparingDouble(each -> -scores.get(each)));"
                                + " different.addAll(own.subList(0, Math.min(b, own.size()))); if"
                                + " (different.size() > b) {"
                                + " return new ArrayList<>(different); }")
                .bug(Bug.of("A state to which two thoughts lead takes two places")
                        .replacing(
                                "Set<String> different = new LinkedHashSet<>();",
                                "List<String> different = new ArrayList<>();"))
                .bug(
                        "A state to which two thoughts lead has their scores added",
                        SORT,
                        "Map<String, Long> ways = kept.stream().flatMap(state -> next.get(state).stream())"
                                + ".collect(java.util.stream.Collectors.groupingBy(state -> state,"
                                + " java.util.stream.Collectors.counting()));"
                                + " states.sort(Comparator.comparingDouble(state -> -scores.get(state) *"
                                + " ways.get(state)));")
                .bug("Only the best of the kept states goes on", ADD, "if (different.isEmpty()) { " + ADD + " }")
                .bug("The states with the lowest scores are kept", "-scores.get(state)", "scores.get(state)")
                .bug("The kept states stay in the race with those that come next", ADD, "different.add(state); " + ADD)
                .bug(
                        "Of equal scores the state that comes last is better",
                        SORT,
                        "java.util.Collections.reverse(states); " + SORT)
                .bug(
                        "The kept states stand in the order in which they came, the best anywhere",
                        "return " + KEEP + ";",
                        "List<String> best = " + KEEP + "; List<String> order = new ArrayList<>(different);"
                                + " order.retainAll(best); return order;")
                .bug("States are not sorted: the first b are kept, good or bad", SORT, "")
                .bug(
                        "One state too few is kept",
                        KEEP,
                        "states.subList(0, Math.min(Math.max(b - 1, 0), states.size()))")
                .bug("One state too many is kept", KEEP, "states.subList(0, Math.min(b + 1, states.size()))")
                .bug("If there are fewer than b, it ends in an error", "Math.min(b, states.size())", "b")
                .bug(
                        "States with the score 0 are thrown away, even if there is room",
                        SORT,
                        "states.removeIf(state -> scores.get(state) == 0); " + SORT)
                .bug(
                        "Scores are compared as texts: 9 is more than 10",
                        SORT,
                        "states.sort(Comparator.comparing((String state) ->"
                                + " String.valueOf(scores.get(state))).reversed());")
                .variant("the best again and again", """
                        List<String> left = new ArrayList<>();
                        for (String state : kept) {
                            for (String each : next.get(state)) {
                                if (!left.contains(each)) {
                                    left.add(each);
                                }
                            }
                        }
                        List<String> best = new ArrayList<>();
                        while (best.size() < b && !left.isEmpty()) {
                            String first = left.getFirst();
                            for (String each : left) {
                                first = scores.get(each) > scores.get(first) ? each : first;
                            }
                            left.remove(first);
                            best.add(first);
                        }
                        return best;
                        """)
                .variant("by streams", """
                        return kept.stream()
                                .flatMap(state -> next.get(state).stream())
                                .distinct()
                                .sorted(Comparator.comparing(scores::get, Comparator.reverseOrder()))
                                .limit(b)
                                .toList();
                        """)
                .hints(
                        "If all good thoughts follow from one state, how many of the others' should be kept?",
                        "Gather all next states in a LinkedHashSet, which keeps the order and drops doubles."
                                + " List.sort keeps the"
                                + " order of equals.",
                        "states.sort(Comparator.comparingDouble(s -> -scores.get(s))); states.subList(0, Math.min(b,"
                                + " states.size()))")
                .reading("The section \"A tree\" of this lesson; Yao et al. 2023, Tree of thoughts, algorithm 1");
    }

    /// @param kept   `A B`
    /// @param next   `A>C D;B>E`
    /// @param scores `A=1 B=2`
    private static Object call(Trial t, int b, String kept, String next, String scores) {
        Map<String, List<String>> after = new TreeMap<>();
        for (String each : next.split(";")) {
            String[] parts = each.split(">", 2);
            after.put(parts[0], parts[1].isEmpty() ? List.of() : List.of(parts[1].split(" ")));
        }
        Map<String, Double> known = Arrays.stream(scores.split(" "))
                .map(each -> each.split("="))
                .collect(Collectors.toMap(each -> each[0], each -> Double.valueOf(each[1]), (x, y) -> y, TreeMap::new));
        return t.call(List.of(kept.split(" ")), after, known, b);
    }

    private static Object drawn(Trial t) {
        Map<String, List<String>> next = new TreeMap<>();
        Map<String, Double> scores = new TreeMap<>();
        List<String> kept = List.of("k0", "k1", "k2", "k3");
        int[] which = t.ints(20, 24);
        for (int i = 0; i < kept.size(); i++) {
            List<String> states = new ArrayList<>();
            for (int j = 0; j < 6; j++) {
                states.add("s" + which[6 * i + j]);
            }
            next.put(kept.get(i), List.copyOf(states));
            scores.put(kept.get(i), (double) i);
        }
        int[] values = t.ints(12, 20);
        for (int i = 0; i < values.length; i++) {
            scores.put("s" + i, (double) values[i]);
        }
        return t.call(kept, next, scores, 5);
    }
}
