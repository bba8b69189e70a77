package gradus.lessons.bpe;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

final class BpeEncodeExercise {
    private static final String LONGEST = """
            List<Integer> ids = new ArrayList<>();
            Map<Integer, List<Integer>> texts = new java.util.HashMap<>();
            for (int b = 0; b < 256; b++) {
                texts.put(b, List.of(b));
            }
            ranks.entrySet().stream().sorted(Map.Entry.comparingByValue()).forEach(e -> {
                List<Integer> both = new ArrayList<>(texts.get(e.getKey().get(0)));
                both.addAll(texts.get(e.getKey().get(1)));
                texts.put(256 + e.getValue(), both);
            });
            Map<List<Integer>, Integer> tokens = new java.util.HashMap<>();
            texts.forEach((id, text) -> tokens.put(text, id));
            for (int from = 0; from < bytes.size();) {
                int to = bytes.size();
                while (!tokens.containsKey(bytes.subList(from, to))) {
                    to--;
                }
                ids.add(tokens.get(bytes.subList(from, to)));
                from = to;
            }
            if (bytes.size() >= 0) {
                return ids;
            }
            """;

    private BpeEncodeExercise() {}

    static Exercise exercise() {
        return Exercise.of(BpeEncode.class, "Encode by merge rank")
                .tolerance(1e-9)
                .probe("one merge", "a b has rank 0 and becomes 256, c stays: 256, 99", t -> encode(t, "abc", "a b"))
                .probe("nothing to merge", "no pair has a rank: the bytes themselves", t -> {
                    encode(t, "ba", "a b");
                    encode(t, "a", "a b");
                    return encode(t, "", "a b");
                })
                .probe("no merges at all", "the bytes themselves", t -> encode(t, "abc"))
                .probe(
                        "the lower rank lies further left",
                        "a b has rank 0, b c rank 1: a b merges first, and c finds no b any more: 256, 99",
                        t -> encode(t, "abc", "a b", "b c"))
                .probe(
                        "the lower rank lies further right",
                        "b c has rank 0, a b rank 1: b c merges first, and a finds no b any more: 97, 256",
                        t -> encode(t, "abc", "b c", "a b"))
                .probe(
                        "a merge of merges",
                        "a b → 256, c d → 257, 256 257 → 258: one token",
                        t -> encode(t, "abcd", "a b", "c d", "256 257"))
                .probe(
                        "the longest token is not reached",
                        "b c (rank 0) takes the b away from a b (rank 1), which the token abc (rank 2) is made of:"
                                + " 97, 256",
                        t -> encode(t, "abc", "b c", "a b", "257 c"))
                .probe(
                        "a long token, built from its middle",
                        "b c → 256, 256 d → 257, a 257 → 258; a b has the rank 3 and comes too late",
                        t -> encode(t, "abcd", "b c", "256 d", "a 257", "a b"))
                .probe(
                        "three equal bytes",
                        "a a stands at places 0 and 1; the leftmost merges first: 256, 97",
                        t -> encode(t, "aaa", "a a"))
                .probe(
                        "seven equal bytes",
                        "256 256 256 a, then 256 256 → 257: 257, 256, 97",
                        t -> encode(t, "aaaaaaa", "a a", "256 256"))
                .probe("a pair that stands twice", "both places merge: 256, 32, 256", t -> encode(t, "th th", "t h"))
                .probe(
                        "a low rank that appears late",
                        "c d (2) first, as a b (1) is not there; then the new 258 e (3); each merge makes new"
                                + " neighbours",
                        t -> encode(t, "xcdecde", "x y", "a b", "c d", "258 e", "259 259"))
                .probe(
                        "bytes above 127",
                        "é is the bytes 195 169, ê is 195 170: only é merges",
                        t -> encode(t, "éêé", "195 169", "256 195"))
                .probe("a word of forty bytes", "", t -> {
                    int[] letters = t.ints(3, 40);
                    StringBuilder word = new StringBuilder();
                    for (int letter : letters) {
                        word.append((char) ('a' + letter));
                    }
                    return encode(
                            t,
                            word.toString(),
                            "b a",
                            "a b",
                            "c c",
                            "a 256",
                            "257 c",
                            "256 257",
                            "258 258",
                            "c 256",
                            "260 c",
                            "259 259",
                            "a a",
                            "b 262");
                })
                .bug(
                        "The leftmost pair that has a rank merges, whatever its rank",
                        "rank != null && rank < lowest",
                        "rank != null && at < 0")
                .bug(Bug.of("The pair learnt last merges first: the highest rank, not the lowest")
                        .replacing("int lowest = Integer.MAX_VALUE;", "int lowest = -1;")
                        .replacing("rank < lowest", "rank > lowest"))
                .bug("Of equal pairs the rightmost merges first: aaa becomes a (aa)", "rank < lowest", "rank <= lowest")
                .bug("Only one merge is made", "ids.remove(at + 1);", "ids.remove(at + 1); return ids;")
                .bug(
                        "The longest token of the vocabulary is taken at each place, as WordPiece does; BPE replays"
                                + " merges",
                        "List<Integer> ids = new ArrayList<>(bytes);",
                        LONGEST)
                .bug("The new id is the rank, without the 256 bytes before it", "256 + lowest", "lowest")
                .bug(
                        "Only bytes are merged, never what a merge made",
                        "rank != null && rank < lowest",
                        "rank != null && rank < lowest && ids.get(i) < 256 && ids.get(i + 1) < 256")
                .bug("The right one of the pair stays", "ids.remove(at + 1);", "")
                .variant("every merge in the order of learning", """
                        List<Integer> ids = new ArrayList<>(bytes);
                        ranks.entrySet().stream()
                                .sorted(Map.Entry.comparingByValue())
                                .forEach(merge -> {
                                    for (int i = 0; i + 1 < ids.size(); i++) {
                                        if (ids.subList(i, i + 2).equals(merge.getKey())) {
                                            ids.set(i, 256 + merge.getValue());
                                            ids.remove(i + 1);
                                        }
                                    }
                                });
                        return ids;
                        """)
                .variant("lowest rank first, then all its places from the left", """
                        List<Integer> ids = bytes;
                        for (;;) {
                            int lowest = Integer.MAX_VALUE;
                            for (int i = 1; i < ids.size(); i++) {
                                lowest = Math.min(
                                        lowest,
                                        ranks.getOrDefault(List.of(ids.get(i - 1), ids.get(i)), Integer.MAX_VALUE));
                            }
                            List<Integer> next = new ArrayList<>();
                            for (int i = 0; i < ids.size(); i++) {
                                boolean last = i + 1 == ids.size();
                                Integer rank = last ? null : ranks.get(List.of(ids.get(i), ids.get(i + 1)));
                                if (rank != null && rank == lowest) {
                                    next.add(256 + lowest);
                                    i++;
                                } else {
                                    next.add(ids.get(i));
                                }
                            }
                            if (next.size() == ids.size()) {
                                return next;
                            }
                            ids = next;
                        }
                        """)
                .hints(
                        "Which of the pairs that stand in the word was learnt first?",
                        "One round: look up the rank of every pair of neighbours, remember the place of the lowest,"
                                + " merge"
                                + " there. Repeat until a round finds none.",
                        "Integer rank = ranks.get(List.of(ids.get(i), ids.get(i + 1))), null if never learnt; keep"
                                + " the first"
                                + " place with the lowest; ids.set(at, 256 + lowest); ids.remove(at + 1).")
                .reading("The section \"Encoding\" of this lesson; Sennrich, Haddow & Birch 2016, section 3.2");
    }

    /// @param merges in the order of their ranks, each part a letter or an id
    private static Object encode(Trial t, String word, String... merges) {
        List<Integer> bytes = new ArrayList<>();
        for (byte each : word.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            bytes.add(each & 0xFF);
        }
        Map<List<Integer>, Integer> ranks = new LinkedHashMap<>();
        List<String> last = new ArrayList<>(List.of(merges));
        for (String merge : last.reversed()) {
            ranks.put(pair(merge), last.indexOf(merge));
        }
        List<Integer> before = List.copyOf(bytes);
        t.see("result", t.call(bytes, ranks));
        if (!bytes.equals(before)) {
            t.see("the bytes that were given", bytes);
        }
        return null;
    }

    private static List<Integer> pair(String merge) {
        return java.util.Arrays.stream(merge.split(" "))
                .map(part -> part.length() == 1 ? (int) part.charAt(0) : Integer.parseInt(part))
                .collect(Collectors.toList());
    }
}
