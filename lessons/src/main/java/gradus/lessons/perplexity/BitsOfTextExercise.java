package gradus.lessons.perplexity;

import gradus.lessons.learn.exercise.Exercise;
import java.util.Arrays;

final class BitsOfTextExercise {
    private BitsOfTextExercise() {}

    static Exercise exercise() {
        return Exercise.of(BitsOfText.class, "Bits per byte")
                .tolerance(1e-9)
                .probe(
                        "one token, one byte",
                        "ln 8 nats are 3 bits, for 1 byte",
                        t -> t.call(new double[] {Math.log(8)}, "a"))
                .probe(
                        "two tokens, four bytes",
                        "3 + 1 = 4 bits for 4 bytes: 1",
                        t -> t.call(new double[] {Math.log(8), Math.log(2)}, "abcd"))
                .probe(
                        "a letter of two bytes",
                        "\"é\" is 1 character and 2 bytes: 4 bits for 2 bytes",
                        t -> t.call(new double[] {Math.log(16)}, "é"))
                .probe(
                        "letters of three and four bytes",
                        "\"語\" has 3 bytes, \"🐋\" 4, in Java 1 char and 2: 14 bits for 7 bytes",
                        t -> t.call(new double[] {7 * Math.log(2), 7 * Math.log(2)}, "語🐋"))
                .probe("a perfect model", "no bits", t -> t.call(new double[] {0, 0, 0}, "abc"))
                .probe(
                        "spaces and line ends count",
                        "8 bits for 4 bytes: 2",
                        t -> t.call(new double[] {8 * Math.log(2)}, " a\n "))
                .probe(
                        "nine tokens",
                        "",
                        t -> t.call(Arrays.stream(t.normals(9)).map(Math::abs).toArray(), "Über Größe, naïve Wale 🐋!"))
                .bug(
                        "Characters are counted, not bytes",
                        "text.getBytes(StandardCharsets.UTF_8).length",
                        "text.length()")
                .bug(
                        "Code points are counted, not bytes",
                        "text.getBytes(StandardCharsets.UTF_8).length",
                        "text.codePointCount(0, text.length())")
                .bug("Tokens are counted, not bytes", "text.getBytes(StandardCharsets.UTF_8).length", "losses.length")
                .bug("It is nats per byte, not bits", "sum / Math.log(2) / text", "sum / text")
                .bug("Nats are multiplied by ln 2, not divided", "sum / Math.log(2) / text", "sum * Math.log(2) / text")
                .bug(
                        "The mean loss is divided by the bytes, not the sum",
                        "sum / Math.log(2) / text",
                        "sum / losses.length / Math.log(2) / text")
                .bug(
                        "The text is encoded in UTF-16",
                        "text.getBytes(StandardCharsets.UTF_8)",
                        "text.getBytes(StandardCharsets.UTF_16BE)")
                .bug(
                        "The text's blanks at both ends are not counted",
                        "text.getBytes(StandardCharsets.UTF_8)",
                        "text.strip().getBytes(StandardCharsets.UTF_8)")
                .variant("the mean times tokens per byte", """
                        double mean = java.util.Arrays.stream(losses).average().orElse(0);
                        double bytes = 0;
                        for (int c : text.codePoints().toArray()) {
                            bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
                        }
                        return mean * losses.length / bytes * (1 / Math.log(2));
                        """)
                .variant("token by token in bits", """
                        double bits = 0;
                        for (int i = losses.length - 1; i >= 0; i--) {
                            bits += Math.log(Math.exp(losses[i])) / Math.log(2);
                        }
                        return bits / StandardCharsets.UTF_8.encode(text).remaining();
                        """)
                .hints(
                        "How many nats is one bit? And what must not depend on how the text was cut into tokens?",
                        "Add up the losses, divide by ln 2, and count bytes: \"é\" is two.",
                        "sum / Math.log(2) / text.getBytes(StandardCharsets.UTF_8).length.")
                .reading("The section \"Bits per byte\" of this lesson");
    }
}
