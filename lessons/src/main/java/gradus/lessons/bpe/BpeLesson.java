package gradus.lessons.bpe;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Learns merges from a short text, and encodes words with them.
public final class BpeLesson {
    private static final String TEXT = "she sells sea shells by the sea shore the shells she sells are sea shells"
            + " i am sure so if she sells shells on the sea shore then i am sure she sells sea shore shells";

    private BpeLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Byte-level byte-pair encoding",
                BpeLesson.class,
                PairCountingExercise.exercise(),
                BestPairExercise.exercise(),
                MergePairExercise.exercise(),
                BpeEncodeExercise.exercise());
    }

    public static void main(String[] arguments) {
        Map<List<Integer>, Integer> ranks = train();
        encode(ranks);
        bytes();
    }

    private static Map<List<Integer>, Integer> train() {
        List<List<Integer>> words = new ArrayList<>();
        for (String word : TEXT.split("(?=[ ])")) { // the space belongs to the word that follows
            words.add(idsOf(word));
        }
        int[] times = new int[words.size()];
        java.util.Arrays.fill(times, 1);
        Map<List<Integer>, Integer> ranks = new TreeMap<>(BpeLesson::compare);
        List<String> texts = new ArrayList<>();
        List<Double> lengths = new ArrayList<>();
        lengths.add((double) length(words));
        System.out.printf("%s bytes in %s words%n", length(words), words.size());
        for (int rank = 0; rank < 20; rank++) {
            Map<List<Integer>, Integer> counts = PairCounting.count(words, times);
            List<Integer> best = BestPair.best(counts);
            int id = 256 + rank;
            ranks.put(best, rank);
            texts.add(text(best.get(0), texts) + text(best.get(1), texts));
            words.replaceAll(word -> MergePair.merge(word, best.get(0), best.get(1), id));
            lengths.add((double) length(words));
            if (rank < 6) {
                System.out.printf(
                        "rank %s: '%s' + '%s', %s times, leaves %s tokens%n",
                        rank, text(best.get(0), texts), text(best.get(1), texts), counts.get(best), length(words));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "after 20 merges: %d tokens, %.2f bytes each%n",
                length(words),
                lengths.getFirst() / length(words));
        LinePlot.of("tokens of the text against merges", "merges", "tokens")
                .line(
                        "tokens",
                        lengths.stream().mapToDouble(Double::doubleValue).toArray())
                .save("bpe-length");
        return ranks;
    }

    private static int compare(List<Integer> a, List<Integer> b) {
        int left = a.get(0).compareTo(b.get(0));
        return left != 0 ? left : a.get(1).compareTo(b.get(1));
    }

    private static int length(List<List<Integer>> words) {
        return words.stream().mapToInt(List::size).sum();
    }

    private static void encode(Map<List<Integer>, Integer> ranks) {
        List<String> texts = new ArrayList<>();
        ranks.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(each -> texts.add(
                        text(each.getKey().get(0), texts) + text(each.getKey().get(1), texts)));
        for (String word : new String[] {" shells", " shelf", " seashore", " xyz"}) {
            List<Integer> ids = BpeEncode.encode(idsOf(word), ranks);
            System.out.printf(
                    "'%s' → %s%n",
                    word, ids.stream().map(id -> "'" + text(id, texts) + "'").toList());
        }
    }

    private static void bytes() {
        for (String text : new String[] {"a", "é", "語", "🙂"}) {
            System.out.println(text + " is the bytes " + idsOf(text));
        }
    }

    private static List<Integer> idsOf(String text) {
        List<Integer> ids = new ArrayList<>();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            ids.add(each & 0xFF);
        }
        return ids;
    }

    private static String text(int id, List<String> texts) {
        return id < 256 ? Character.toString(id) : texts.get(id - 256);
    }
}
