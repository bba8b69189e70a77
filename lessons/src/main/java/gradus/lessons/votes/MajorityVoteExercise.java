package gradus.lessons.votes;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

final class MajorityVoteExercise {
    private static final String RETURN = "return Optional.ofNullable(best);";
    private static final String BEGIN = "String best = null;";

    private MajorityVoteExercise() {}

    static Exercise exercise() {
        return Exercise.of(MajorityVote.class, "The vote of several chains")
                .forbid("Votes", "SelfConsistency")
                .probe("one chain", "its answer wins", t -> t.call(answers("18")))
                .probe("three chains", "26 has two votes of three", t -> t.call(answers("18 26 26")))
                .probe("the winner came first", "", t -> t.call(answers("18 26 18")))
                .probe("a tie", "18 and 26 have one vote each, and 18 came first", t -> t.call(answers("18 26")))
                .probe(
                        "a tie of two each",
                        "9 came first, though 26 was the first to have two votes",
                        t -> t.call(answers("9 26 26 9")))
                .probe(
                        "less than half",
                        "7 has two votes of five, and no other answer has more than one",
                        t -> t.call(answers("5 7 3 7 1")))
                .probe(
                        "a run",
                        "8 has three votes, though 2 was said twice in a row",
                        t -> t.call(answers("8 2 2 8 5 8")))
                .probe(
                        "chains without an answer",
                        "these three have no vote: 6 wins with two",
                        t -> t.call(answers("- 6 - 4 6 -")))
                .probe("none has an answer", "there is no winner", t -> t.call(answers("- -")))
                .probe("no chain", "there is no winner", t -> t.call(List.of()))
                .probe("words", "B", t -> t.call(answers("C B A B")))
                .probe("a tie of words", "C came first", t -> t.call(answers("C A C A")))
                .probe(
                        "another one",
                        "B came first, though C was the first to have" + " two",
                        t -> t.call(answers("B C C B A")))
                .probe("forty chains", "", t -> t.call(drawn(t, 40, 5)))
                .probe("three hundred chains", "", t -> t.call(drawn(t, 300, 2)))
                .bug(
                        "Of equally many votes the answer wins that came last",
                        "votes.get(answer) > votes.get(best)",
                        "votes.get(answer) >= votes.get(best)")
                .bug(
                        "Of equally many votes the answer wins that comes first in the alphabet",
                        BEGIN,
                        "Map<String, Integer> sorted = new java.util.TreeMap<>(votes); votes.clear();"
                                + " votes.putAll(sorted);"
                                + " " + BEGIN)
                .bug(
                        "Of equally many votes the answer wins that was the first to have them",
                        BEGIN,
                        "Map<String, Integer> last = new LinkedHashMap<>(); for (Optional<String> each : answers) {"
                                + " each.ifPresent(answer -> { last.remove(answer); last.put(answer,"
                                + " votes.get(answer)); }); }"
                                + " votes.clear(); votes.putAll(last); " + BEGIN)
                .bug(
                        "Chains without an answer vote, and may win",
                        RETURN,
                        "long none = answers.stream().filter(Optional::isEmpty).count();"
                                + " return best == null || none > votes.get(best) ? Optional.empty() :"
                                + " Optional.of(best);")
                .bug(
                        "More than half of the votes are asked for: often nothing wins",
                        RETURN,
                        "int all = votes.values().stream().mapToInt(v -> v).sum();"
                                + " return Optional.ofNullable(best).filter(b -> 2 * votes.get(b) > all);")
                .bug(
                        "The answer wins that has the fewest votes",
                        "votes.get(answer) > votes.get(best)",
                        "votes.get(answer) < votes.get(best)")
                .bug(
                        "The first chain's answer is given, and the others do not count",
                        "votes.get(answer) > votes.get(best)",
                        "votes.get(answer) < 0")
                .bug(
                        "The last chain's answer is given, and the others do not count",
                        RETURN,
                        "return answers.stream().flatMap(Optional::stream).reduce((a, b) -> b);")
                .bug("The longest run of one answer wins: votes count wherever they stand", BEGIN, """
                        String run = null;
                        int length = 0;
                        votes.clear();
                        for (Optional<String> each : answers) {
                            if (each.isPresent()) {
                                length = each.get().equals(run) ? length + 1 : 1;
                                run = each.get();
                                votes.merge(run, length, Math::max);
                            }
                        }
                        String best = null;""")
                .bug(
                        "Without votes the winner is an empty text",
                        RETURN,
                        "return Optional.of(best == null ? \"\" : best);")
                .variant("two loops over the list", """
                        Optional<String> best = Optional.empty();
                        long most = 0;
                        for (Optional<String> candidate : answers) {
                            long votes = answers.stream().filter(candidate::equals).count();
                            if (candidate.isPresent() && votes > most) {
                                best = candidate;
                                most = votes;
                            }
                        }
                        return best;
                        """)
                .variant("sorted, which keeps the order of equals", """
                        List<String> given = answers.stream().flatMap(Optional::stream).toList();
                        return given.stream().sorted(java.util.Comparator.comparing(
                                        (String each) -> java.util.Collections.frequency(given, each))
                                .reversed()).findFirst();
                        """)
                .hints(
                        "What do you have to know of each answer, and in which order should you look at the answers?",
                        "A LinkedHashMap from answer to number keeps the order in which keys came first.",
                        "votes.merge(answer, 1, Integer::sum); then the first answer whose number is greater"
                                + " than all before.")
                .reading("The section \"Self-consistency\" of this lesson; Wang et al. 2022");
    }

    /// Parted by spaces; `-` for a chain without an answer.
    private static List<Optional<String>> answers(String all) {
        return Arrays.stream(all.split(" "))
                .map(each -> Optional.of(each).filter(a -> !a.equals("-")))
                .toList();
    }

    private static List<Optional<String>> drawn(Trial t, int chains, int different) {
        return Arrays.stream(t.ints(different + 1, chains))
                .mapToObj(each -> Optional.of("n" + each).filter(a -> each < different))
                .toList();
    }
}
