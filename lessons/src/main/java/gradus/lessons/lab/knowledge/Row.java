package gradus.lessons.lab.knowledge;

import java.util.Arrays;

/// A text that a model learns from, of which only some words are learned: the answers.
final class Row {
    private final Words words;
    private int[] ids = new int[64];
    private boolean[] learned = new boolean[64];
    private int size;

    Row(Words words) {
        this.words = words;
    }

    /// Adds what is only read.
    Row read(String text) {
        return add(text, false);
    }

    /// Adds what is learned.
    Row learn(String text) {
        return add(text, true);
    }

    private Row add(String text, boolean learn) {
        for (int id : words.ids(text)) {
            if (size == ids.length) {
                ids = Arrays.copyOf(ids, 2 * size);
                learned = Arrays.copyOf(learned, 2 * size);
            }
            ids[size] = id;
            learned[size++] = learn;
        }
        return this;
    }

    /// A question, and its answer.
    Row ask(String question, String answer) {
        return read("? " + question).learn(answer + " .");
    }

    int size() {
        return size;
    }

    int id(int place) {
        return ids[place];
    }

    boolean learned(int place) {
        return learned[place];
    }
}
