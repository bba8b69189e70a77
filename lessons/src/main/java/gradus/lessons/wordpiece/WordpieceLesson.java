package gradus.lessons.wordpiece;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Learns pieces from a few words, and cuts others with them.
public final class WordpieceLesson {
    private static final Map<String, Integer> WORDS = words(
            "play 9 playing 6 played 5 player 4 sing 7 singing 5 singer 3 walk 8 walking 6 walked 6 quick 3 quiet 3"
                    + " queen 2"
                    + " quite 4 the 20 there 5 then 6");

    private WordpieceLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "WordPiece",
                WordpieceLesson.class,
                WordPiecesExercise.exercise(),
                JoinPiecesExercise.exercise(),
                PieceScoreExercise.exercise());
    }

    public static void main(String[] arguments) {
        Set<String> vocabulary = train();
        for (String word : new String[] {"playing", "walks", "singed", "zebra", "queenly"}) {
            List<String> pieces = WordPieces.pieces(word, vocabulary);
            System.out.printf("%-8s → %s → %s%n", word, pieces, JoinPieces.join(pieces));
        }
        greed();
    }

    private static Set<String> train() {
        Map<String, List<String>> cut = new LinkedHashMap<>();
        Set<String> vocabulary = new LinkedHashSet<>();
        for (String word : WORDS.keySet()) {
            List<String> letters = new ArrayList<>();
            for (int i = 0; i < word.length(); i++) {
                letters.add((i == 0 ? "" : "##") + word.charAt(i));
            }
            cut.put(word, letters);
            vocabulary.addAll(letters);
        }
        System.out.println(vocabulary.size() + " letters to begin with");
        List<Double> lengths = new ArrayList<>();
        lengths.add(average(cut));
        for (int step = 1; step <= 30; step++) {
            Map<List<String>, Integer> pairs = new LinkedHashMap<>();
            Map<String, Integer> counts = new LinkedHashMap<>();
            count(cut, pairs, counts);
            if (pairs.isEmpty()) {
                break;
            }
            List<String> best = PieceScore.best(pairs, counts);
            String joined = best.get(0) + best.get(1).substring(2);
            if (step <= 5) {
                System.out.printf(
                        "step %s: %s + %s, %s times together, %s and %s in all%n",
                        step,
                        best.get(0),
                        best.get(1),
                        pairs.get(best),
                        counts.get(best.get(0)),
                        counts.get(best.get(1)));
            }
            vocabulary.add(joined);
            cut.replaceAll((word, pieces) -> merged(pieces, best, joined));
            lengths.add(average(cut));
        }
        System.out.printf(
                Locale.ROOT,
                "pieces a word: %.2f before, %.2f after %d steps%n",
                lengths.getFirst(),
                lengths.getLast(),
                lengths.size() - 1);
        LinePlot.of("pieces a word against steps", "steps", "pieces a word")
                .line(
                        "pieces",
                        lengths.stream().mapToDouble(Double::doubleValue).toArray())
                .save("wordpiece-length");
        return vocabulary;
    }

    private static void count(
            Map<String, List<String>> cut, Map<List<String>, Integer> pairs, Map<String, Integer> counts) {
        cut.forEach((word, pieces) -> {
            for (int i = 0; i < pieces.size(); i++) {
                counts.merge(pieces.get(i), WORDS.get(word), Integer::sum);
                if (i + 1 < pieces.size()) {
                    pairs.merge(List.of(pieces.get(i), pieces.get(i + 1)), WORDS.get(word), Integer::sum);
                }
            }
        });
    }

    private static List<String> merged(List<String> pieces, List<String> pair, String joined) {
        List<String> result = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            if (i + 1 < pieces.size() && pieces.subList(i, i + 2).equals(pair)) {
                result.add(joined);
                i++;
            } else {
                result.add(pieces.get(i));
            }
        }
        return result;
    }

    private static double average(Map<String, List<String>> cut) {
        double pieces = 0;
        double words = 0;
        for (Map.Entry<String, List<String>> each : cut.entrySet()) {
            pieces += each.getValue().size() * WORDS.get(each.getKey());
            words += WORDS.get(each.getKey());
        }
        return pieces / words;
    }

    private static void greed() {
        Set<String> vocabulary = Set.of("abc", "ab", "##cd", "##c", "##d");
        System.out.println("abcd with abc, ab, ##cd, ##c, ##d: " + WordPieces.pieces("abcd", vocabulary));
        Set<String> less = Set.of("abc", "ab", "##cd");
        System.out.println("abcd with abc, ab, ##cd:           " + WordPieces.pieces("abcd", less));
    }

    private static Map<String, Integer> words(String text) {
        Map<String, Integer> words = new LinkedHashMap<>();
        String[] parts = text.split(" ");
        for (int i = 0; i < parts.length; i += 2) {
            words.put(parts[i], Integer.parseInt(parts[i + 1]));
        }
        return words;
    }
}
