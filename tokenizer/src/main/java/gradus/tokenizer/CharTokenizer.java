package gradus.tokenizer;

import gradus.error.TokenizerException;
import gradus.tokenizer.text.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// One id per character: the vocabulary is the sorted code points of a text, as in Karpathy's char-level models.
///
/// `encode(s)[i] = rank of the i-th code point among the vocabulary`. Cost O(n log V).
///
/// A character that is not in the vocabulary is an error that names the character and its position: it has no id.
public final class CharTokenizer implements Tokenizer {
    private final int[] vocabulary; // ascending code points

    private CharTokenizer(int[] ascending) {
        this.vocabulary = ascending;
    }

    /// The tokenizer of all the characters that occur in the text. Throws TokenizerException on null or "".
    public static CharTokenizer of(String text) {
        Utf8.checkText(text);
        int[] codePoints =
                Utf8.wellFormed(text).codePoints().distinct().sorted().toArray();
        if (codePoints.length == 0) {
            throw new TokenizerException("CharTokenizer: the corpus is empty, so there is no vocabulary to learn");
        }
        return new CharTokenizer(codePoints);
    }

    /// The tokenizer whose ids are the places of these characters. Throws TokenizerException unless each is one
    /// character and they ascend by code point.
    public static CharTokenizer ofCharacters(List<String> characters) {
        if (characters.isEmpty()) {
            throw new TokenizerException("CharTokenizer: there are no characters");
        }
        int[] codePoints = new int[characters.size()];
        for (int id = 0; id < codePoints.length; id++) {
            String character = characters.get(id);
            if (character.codePointCount(0, character.length()) != 1) {
                throw new TokenizerException(
                        "CharTokenizer: character %s must be one character; got '%s'".formatted(id, character));
            }
            codePoints[id] = character.codePointAt(0);
            if (id > 0 && codePoints[id] <= codePoints[id - 1]) {
                throw new TokenizerException("CharTokenizer: character " + id
                        + " is out of order: characters ascend by code point, each once");
            }
        }
        return new CharTokenizer(codePoints);
    }

    /// The characters, by id.
    public List<String> characters() {
        return Arrays.stream(vocabulary).mapToObj(Character::toString).toList();
    }

    @Override
    public int vocabularySize() {
        return vocabulary.length;
    }

    @Override
    public int[] encode(String text, Set<String> allowedSpecial) {
        Utf8.checkText(text);
        int[] ids = Utf8.wellFormed(text).codePoints().toArray();
        for (int i = 0; i < ids.length; i++) {
            int id = Arrays.binarySearch(vocabulary, ids[i]);
            if (id < 0) {
                throw new TokenizerException(
                        "CharTokenizer: character '%s' (U+%04X) at position %s is not among the %s of the vocabulary"
                                .formatted(Character.toString(ids[i]), ids[i], i, vocabulary.length));
            }
            ids[i] = id;
        }
        return ids;
    }

    @Override
    public StreamingDecoder decoder() {
        return new StreamingDecoder() {
            @Override
            protected byte[] next(int id, boolean first) {
                return idToToken(id).getBytes(StandardCharsets.UTF_8);
            }
        };
    }

    @Override
    public String idToToken(int id) {
        return Character.toString(vocabulary[checkId(id)]);
    }

    @Override
    public int tokenToId(String token) {
        return token != null && !token.isEmpty() && token.codePointCount(0, token.length()) == 1
                ? Math.max(-1, Arrays.binarySearch(vocabulary, token.codePointAt(0)))
                : -1;
    }

    @Override
    public int safeCut(String text, int from) {
        return from > 0 && from < text.length() && Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from;
    }

    @Override
    public String name() {
        return "char";
    }
}
