package gradus.lessons.retrieve.chunk;

import gradus.lessons.retrieve.embed.Embedder;
import gradus.tokenizer.ByteTokenizer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/// Documents made of what chunkers may stumble over.
public final class Texts {
    private static final List<String> BITS = List.of(
            "a",
            "word",
            "Longer-word",
            ". ",
            "? ",
            "!",
            ".",
            " ",
            "  ",
            "\n",
            "\n\n",
            "\r\n",
            "\r\n\r\n",
            "\t",
            "。",
            "？！",
            "」",
            "中文",
            "😀",
            "👩‍👧",
            "é",
            "\u00a0",
            "\u0085",
            "\u2003",
            "\ud83d",
            "\ude00",
            "# H\n",
            "\n## I\n",
            "```\n",
            "- x\n",
            "<p>",
            "<h2>T</h2>",
            "</p>",
            "<!-- ",
            "<",
            "\nclass A {\n",
            "void f() {",
            "}",
            "\"",
            "'''",
            "\ndef f():\n",
            "    x = 1\n",
            "\nclass B:\n",
            "@d\n",
            "\\section{S}",
            "\\begin{verbatim}",
            "%",
            "{",
            "\\",
            "\0",
            "\ufeff",
            "x".repeat(30));

    private Texts() {}

    static Arbitrary<String> documents() {
        return Arbitraries.of(BITS).list().ofMaxSize(60).map(bits -> String.join("", bits));
    }

    /// Units of characters, or of bytes, of which a character has up to four.
    static Arbitrary<Length> lengths() {
        return Arbitraries.of(Length.CHARACTERS, Length.tokens(new ByteTokenizer()));
    }

    /// Vectors that follow from the text and mean nothing.
    static Embedder embedder() {
        return texts -> texts.stream().map(Texts::vector).toArray(float[][]::new);
    }

    private static float[] vector(String text) {
        java.util.Random random = new java.util.Random(text.hashCode());
        float[] vector = new float[5];
        double square = 0;
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextGaussian();
            square += vector[i] * vector[i];
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= (float) Math.sqrt(square);
        }
        return vector;
    }
}
