package gradus.lessons.wordpiece;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

final class WordPiecesExercise {
    private WordPiecesExercise() {}

    static Exercise exercise() {
        return Exercise.of(WordPieces.class, "Greedy longest match")
                .probe(
                        "a word of the vocabulary",
                        "the word itself is the longest piece",
                        t -> cut(t, "play", "play", "p", "##lay", "##y"))
                .probe("a word of two pieces", "play, then ##ing", t -> cut(t, "playing", "play", "##ing", "p", "##i"))
                .probe(
                        "the longest piece first",
                        "a, ab and abc all begin the word; abc is the longest, then ##d",
                        t -> cut(t, "abcd", "a", "ab", "abc", "##b", "##c", "##d", "##cd", "##bcd"))
                .probe(
                        "the longest piece in the middle",
                        "u, ##naff, ##able",
                        t -> cut(t, "unaffable", "u", "##n", "##na", "##naff", "##a", "##able", "##ab", "##le", "##l"))
                .probe("no piece begins the word", "[UNK]", t -> cut(t, "xyz", "y", "##y", "##z", "##xyz"))
                .probe(
                        "no piece fits the end",
                        "play fits, ##q does not exist: the whole word is [UNK], without play",
                        t -> cut(t, "playq", "play", "##ing"))
                .probe(
                        "greedy and stuck",
                        "abc is taken, and nothing fits the d; ab, ##cd would have done, but nothing is taken back:"
                                + " [UNK]",
                        t -> cut(t, "abcd", "abc", "ab", "##cd"))
                .probe(
                        "a piece without ## does not continue a word",
                        "ing alone is the beginning of a word: [UNK]",
                        t -> cut(t, "playing", "play", "ing"))
                .probe(
                        "a piece with ## does not begin a word",
                        "##play continues only: [UNK]",
                        t -> cut(t, "playing", "##play", "##ing"))
                .probe("no letters", "no pieces", t -> cut(t, "", "a", "##a", "[UNK]"))
                .probe("one letter", "known, then unknown", t -> {
                    cut(t, "a", "a", "##b");
                    return cut(t, "b", "a", "##b");
                })
                .probe(
                        "the same piece again and again",
                        "ba, ##na, ##na",
                        t -> cut(t, "banana", "ba", "##na", "##n", "b"))
                .probe(
                        "letters beyond ASCII",
                        "é and ß are letters like others",
                        t -> cut(t, "élanß", "é", "él", "##an", "##anß", "##ß"))
                .probe("words of twenty letters", "", t -> {
                    for (int i = 0; i < 6; i++) {
                        cut(
                                t,
                                letters(t.ints(3, 20)),
                                "a",
                                "b",
                                "c",
                                "ab",
                                "cab",
                                "bcc",
                                "##a",
                                "##b",
                                "##c",
                                "##ab",
                                "##ba",
                                "##cab",
                                "##bcca",
                                "##aac");
                    }
                    return null;
                })
                .bug(Bug.of("The shortest piece is taken, not the longest")
                        .replacing("int to = word.length();", "int to = from + 1;")
                        .replacing("while (to > from && !vocabulary", "while (to <= word.length() && !vocabulary")
                        .replacing("to--;", "to++;")
                        .replacing("if (to == from) {", "if (to > word.length()) {"))
                .bug(Bug.of("Pieces within a word are looked up and given without ##")
                        .replacing("from == 0 ? \"\" : \"##\"", "\"\""))
                .bug(
                        "Pieces within a word are given without ##",
                        "pieces.add(prefix + word.substring(from, to));",
                        "pieces.add(word.substring(from, to));")
                .bug(
                        "Where no piece fits, [UNK] stands beside the pieces found so far: it must stand for the"
                                + " whole word",
                        "return List.of(\"[UNK]\");",
                        "pieces.add(\"[UNK]\"); return pieces;")
                .bug(
                        "Where no piece fits, one letter becomes [UNK] and the rest of the word goes on",
                        "return List.of(\"[UNK]\");",
                        "pieces.add(\"[UNK]\"); from++; continue;")
                .bug(
                        "Where no piece fits, the pieces found so far are given, and the rest is lost",
                        "return List.of(\"[UNK]\");",
                        "return pieces;")
                .bug(
                        "Each letter becomes an [UNK] of its own",
                        "return List.of(\"[UNK]\");",
                        "return new ArrayList<>(java.util.Collections.nCopies(word.length(), \"[UNK]\"));")
                .bug(
                        "A piece without ## may continue a word too",
                        "!vocabulary.contains(prefix + word.substring(from, to))",
                        "!vocabulary.contains(prefix + word.substring(from, to))"
                                + " && !vocabulary.contains(word.substring(from, to))")
                .bug(
                        "A word of no letters becomes [UNK]",
                        "return pieces;",
                        "return pieces.isEmpty() ? List.of(\"[UNK]\") : pieces;")
                .bug(
                        "The last letter of the word is never part of a longer piece",
                        "int to = word.length();",
                        "int to = Math.max(from + 1, word.length() - 1);")
                .variant("recursive on the rest", """
                        if (word.isEmpty()) {
                            return new ArrayList<>();
                        }
                        java.util.function.BiFunction<Integer, List<String>, List<String>>[] next =
                                new java.util.function.BiFunction[1];
                        next[0] = (from, found) -> {
                            if (from == word.length()) {
                                return found;
                            }
                            for (int to = word.length(); to > from; to--) {
                                String piece = (from > 0 ? "##" : "") + word.substring(from, to);
                                if (vocabulary.contains(piece)) {
                                    found.add(piece);
                                    return next[0].apply(to, found);
                                }
                            }
                            return List.of("[UNK]");
                        };
                        return next[0].apply(0, new ArrayList<>());
                        """)
                .variant("by looking at every piece of the vocabulary", """
                        List<String> pieces = new ArrayList<>();
                        String rest = word;
                        while (!rest.isEmpty()) {
                            String longest = "";
                            for (String each : vocabulary) {
                                boolean continues = each.startsWith("##");
                                String text = continues ? each.substring(2) : each;
                                if (continues != pieces.isEmpty()
                                        && rest.startsWith(text)
                                        && text.length() > longest.length()) {
                                    longest = text;
                                }
                            }
                            if (longest.isEmpty()) {
                                pieces.clear();
                                pieces.add("[UNK]");
                                return pieces;
                            }
                            pieces.add(pieces.isEmpty() ? longest : "##" + longest);
                            rest = rest.substring(longest.length());
                        }
                        return pieces;
                        """)
                .hints(
                        "At a place of the word, which end do you try first, and which last?",
                        "From the end of the word backwards: is the text from here to there, with ## unless it"
                                + " begins the word,"
                                + " in the vocabulary? If no end is left, the whole word is [UNK].",
                        "while (to > from && !vocabulary.contains(prefix + word.substring(from, to))) to--; if (to"
                                + " == from)"
                                + " return List.of(\"[UNK]\");")
                .reading("The section \"Longest match\" of this lesson; Song et al. 2021, section 2");
    }

    private static Object cut(Trial t, String word, String... vocabulary) {
        Set<String> all = new LinkedHashSet<>(List.of(vocabulary));
        t.see("pieces", t.call(word, all));
        return null;
    }

    private static String letters(int[] numbers) {
        StringBuilder word = new StringBuilder();
        for (int number : numbers) {
            word.append((char) ('a' + number));
        }
        return word.toString();
    }
}
