package gradus.lessons.wordpiece;

import gradus.lessons.learn.exercise.Exercise;
import java.util.List;

final class JoinPiecesExercise {
    private JoinPiecesExercise() {}

    static Exercise exercise() {
        return Exercise.of(JoinPieces.class, "Join pieces to a text")
                .probe("two pieces of one word", "playing", t -> t.call(List.of("play", "##ing")))
                .probe("two words", "one space between them", t -> t.call(List.of("we", "play")))
                .probe(
                        "pieces and words",
                        "we play in unaffable mood",
                        t -> t.call(List.of("we", "play", "in", "un", "##aff", "##able", "mood")))
                .probe("no pieces", "an empty text", t -> t.call(List.of()))
                .probe("one piece", "no space at either end", t -> t.call(List.of("word")))
                .probe(
                        "## at the very beginning",
                        "the two signs go, and no space comes",
                        t -> t.call(List.of("##ing", "##s", "end")))
                .probe(
                        "## within a piece",
                        "C## is a word of its own and stays as it is",
                        t -> t.call(List.of("in", "C##", "##a##b", "x##y")))
                .probe(
                        "a single #",
                        "#1 does not begin with ##: a word of its own",
                        t -> t.call(List.of("it", "is", "#1", "#", "##2")))
                .probe("four signs", "two of them go, two stay", t -> t.call(List.of("a", "####", "####b")))
                .probe("## alone", "it adds nothing", t -> t.call(List.of("a", "##", "b", "##")))
                .probe(
                        "unknown words and signs",
                        "[UNK] is a word; so is a full stop",
                        t -> t.call(List.of("[CLS]", "the", "[UNK]", "sat", ".", "[SEP]")))
                .bug(
                        "A space stands before every piece, ## or not",
                        "text.append(piece.substring(2));",
                        "text.append(text.isEmpty() ? \"\" : \" \").append(piece.substring(2));")
                .bug("The ## stays in the text", "piece.substring(2)", "piece")
                .bug("No spaces stand between words", "text.isEmpty() ? \"\" : \" \"", "\"\"")
                .bug("A space stands at the beginning", "text.isEmpty() ? \"\" : \" \"", "\" \"")
                .bug(
                        "Every ## is removed, not only the one at the beginning of a piece",
                        "return text.toString();",
                        "return text.toString().replace(\"##\", \"\");")
                .bug("Only one # is removed", "piece.substring(2)", "piece.substring(1)")
                .bug(
                        "Pieces that begin with one # are joined too",
                        "piece.startsWith(\"##\")",
                        "piece.startsWith(\"#\") && piece.length() > 1")
                .bug(
                        "A space stands after every word, also the last",
                        "return text.toString();",
                        "return pieces.isEmpty() ? \"\" : text.append(' ').toString();")
                .bug(
                        "Unknown words and other signs in brackets are left out",
                        "String piece = pieces.get(i);",
                        "String piece = pieces.get(i); if (piece.startsWith(\"[\")) { continue; }")
                .variant("words first, then joined", """
                        java.util.ArrayList<String> words = new java.util.ArrayList<>();
                        for (String piece : pieces) {
                            boolean continues = piece.startsWith("##");
                            String plain = continues ? piece.substring(2) : piece;
                            if (continues && !words.isEmpty()) {
                                words.set(words.size() - 1, words.getLast() + plain);
                            } else {
                                words.add(plain);
                            }
                        }
                        return String.join(" ", words);
                        """)
                .variant("by a regular expression", """
                        if (pieces.isEmpty()) {
                            return "";
                        }
                        String all = " " + String.join(" ", pieces);
                        String joined = all.replaceAll(" ##(\\\\S*)", "$1");
                        return joined.startsWith(" ") ? joined.substring(1) : joined;
                        """)
                .hints(
                        "What must stand before a piece: a space or nothing? What decides it?",
                        "startsWith(\"##\"): add substring(2) and no space. Otherwise a space, unless the text is"
                                + " still empty.",
                        "text.append(piece.startsWith(\"##\") ? piece.substring(2) : (text.isEmpty() ? \"\" : \" \")"
                                + " + piece).")
                .reading("The section \"Back to text\" of this lesson");
    }
}
