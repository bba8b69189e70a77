package gradus.tokenizer;

import gradus.error.TokenizerException;
import gradus.tokenizer.text.Utf8;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Rotations text into ids and ids into text.
///
/// Ids run from 0 to `vocabularySize() - 1`; some published vocabularies have holes (see [#hasToken]).
///
/// **Threads.** A tokenizer is immutable: any number of threads may share one. Only a [StreamingDecoder] has
///   state,
/// and belongs to one stream.
///
/// **Special tokens.** `encode(text)` reads the text as text: `<|endoftext|>` in a document is those 13
/// characters and nothing else, so no document can forge a control token. To get the control token, allow it:
/// `encode(text, Set.of("<|endoftext|>"))`. `encode(text, specialTokens())` is what Hugging Face does by
/// default.
///
/// **Lone surrogates**, which no UTF-8 can hold, are read as U+FFFD.
public interface Tokenizer {

    /// Texts above this many chars are refused: their UTF-8 and ids would outgrow Java's arrays.
    int MAX_TEXT_LENGTH = Utf8.MAX_TEXT_LENGTH;

    /// The highest id plus one: the number of rows that a model's embedding needs.
    int vocabularySize();

    /// Whether the id has a token. An id without one, a hole, decodes to nothing and is never the id of a text:
    /// a sampler should not draw it.
    default boolean hasToken(int id) {
        return id >= 0 && id < vocabularySize();
    }

    /// The ids of the text, special tokens' text read literally. Throws TokenizerException on null, on a text
    /// above `MAX_TEXT_LENGTH` and on text that the vocabulary cannot spell.
    default int[] encode(String text) {
        return encode(text, Set.of());
    }

    /// The ids of the text, in which the special tokens named in `allowedSpecial` are recognised.
    int[] encode(String text, Set<String> allowedSpecial);

    /// The text of the ids; bytes that are no UTF-8 become U+FFFD. Throws TokenizerException on null and on an
    /// id outside the vocabulary.
    default String decode(int... ids) {
        if (ids == null) {
            throw new TokenizerException("decode: expected ids; got null");
        }
        StreamingDecoder decoder = decoder();
        var text = new StringBuilder();
        for (int id : ids) {
            text.append(decoder.accept(id));
        }
        return text.append(decoder.finish()).toString();
    }

    /// A fresh decoder that takes one id at a time, as a model generates them.
    StreamingDecoder decoder();

    /// The token as the vocabulary spells it (`Ġthe`, `##ing`); "" for a hole. Throws TokenizerException
    /// outside the vocabulary.
    String idToToken(int id);

    /// The id of a token in the vocabulary's spelling, or -1.
    int tokenToId(String token);

    /// The special tokens' text, in the order of their ids.
    default Set<String> specialTokens() {
        return Set.of();
    }

    /// Which tokens begin, end and pad a text, and the chat templates, as far as the files say.
    default SpecialTokens roles() {
        return SpecialTokens.NONE;
    }

    /// The UTF-8 that the id adds behind other tokens, which may hold a part of a character; none for a hole.
    /// Throws TokenizerException outside the vocabulary.
    default byte[] bytes(int id) {
        return decoder().bytes(checkId(id));
    }

    /// The UTF-8 that the id begins a text with: some tokenizers leave out the space before the first word.
    default byte[] firstBytes(int id) {
        return decoder().firstBytes(checkId(id));
    }

    /// What `inspect` shows: each piece of the text with its id, its spelling and the bytes it stands for.
    default List<Piece> inspect(String text) {
        StreamingDecoder decoder = decoder();
        var pieces = new ArrayList<Piece>();
        for (int id : encode(text)) {
            pieces.add(new Piece(id, idToToken(id), decoder.bytes(id)));
        }
        return pieces;
    }

    /// The first position at or after `from` where `text` can be cut without changing its ids: the ids of the
    /// two parts, one after the other, are those of the whole. The length of the text where there is no such
    /// position. With it several threads can encode one long text.
    default int safeCut(String text, int from) {
        return text.length();
    }

    /// The kind: `char`, `byte`, `bpe`, `wordpiece`, `sentencepiece-bpe` or `unigram`.
    String name();

    /// Throws TokenizerException unless the id lies in the vocabulary.
    default int checkId(int id) {
        if (id < 0 || id >= vocabularySize()) {
            throw new TokenizerException("id " + id + " lies outside the vocabulary of " + vocabularySize() + " (0.."
                    + (vocabularySize() - 1) + "): were the ids made by another tokenizer?");
        }
        return id;
    }
}
