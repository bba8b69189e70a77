package gradus.lessons.lab.knowledge;

import gradus.error.DataException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A vocabulary in which every word is one token. In a text, words stand between spaces.
public final class Words {
    private final List<String> words = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();

    /// @throws DataException if a word is there twice, or is none
    public Words(List<String> words) {
        for (String word : words) {
            if (word.isBlank() || word.contains(" ")) {
                throw new DataException("a word must not be empty or have a space; got \"" + word + "\"");
            }
            if (ids.putIfAbsent(word, this.words.size()) != null) {
                throw new DataException("the vocabulary has \"" + word + "\" twice");
            }
            this.words.add(word);
        }
    }

    /// V, how many there are.
    public int size() {
        return words.size();
    }

    /// The word with this id.
    public String word(int id) {
        return words.get(id);
    }

    /// The ids of a text's words.
    ///
    /// @throws DataException if a word is not in the vocabulary
    public int[] ids(String text) {
        String[] parts = text.strip().split(" +");
        int[] found = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            Integer id = ids.get(parts[i]);
            if (id == null) {
                throw new DataException("the vocabulary has no word \"" + parts[i] + "\"");
            }
            found[i] = id;
        }
        return found;
    }

    /// The text of ids.
    public String text(int... ids) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(text.isEmpty() ? "" : " ").append(words.get(id));
        }
        return text.toString();
    }
}
