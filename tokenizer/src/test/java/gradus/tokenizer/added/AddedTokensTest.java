package gradus.tokenizer.added;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.TokenizerException;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.Piece;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.WordPiece;
import gradus.tokenizer.bpe.BpeRules;
import gradus.tokenizer.bpe.BpeVocabulary;
import gradus.tokenizer.bpe.ByteAlphabet;
import gradus.tokenizer.normalize.BertNormalizer;
import gradus.tokenizer.normalize.NoNormalizer;
import gradus.tokenizer.pretokenize.Gpt2PreTokenizer;
import gradus.tokenizer.wordpiece.WordPieceRules;
import gradus.tokenizer.wordpiece.WordPieceVocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Added tokens beside a model's own vocabulary. [gradus.tokenizer.AddedTokensGoldenTest] holds them to the reference
/// in many texts.
class AddedTokensTest {
    private static final NoNormalizer AS_IT_IS = new NoNormalizer();

    private static AddedToken plain(int id, String content) {
        return AddedToken.special(id, content).withSpecial(false);
    }

    private static AddedToken singleWord(int id, String content) {
        return new AddedToken(id, content, true, false, false, false, false);
    }

    /// What the sink is fed with: text as it is, tokens as `<id>`.
    private static List<String> split(String text, AddedToken... tokens) {
        var parts = new ArrayList<String>();
        new AddedTokens(List.of(tokens), AS_IT_IS).split(text, Set.of(), new AddedTokens.Sink() {
            @Override
            public void text(String normalized) {
                parts.add(normalized);
            }

            @Override
            public void token(int id) {
                parts.add("<" + id + ">");
            }
        });
        return parts;
    }

    @Test
    void f1_singleWordLooksAtTheCharacterAndAtUnicodesWords() {
        AddedToken q = singleWord(7, "<q>");
        for (String neighbour : List.of(
                "a",
                "1",
                "_",
                "\u0301",
                "\u200D",
                "\u200C",
                "\u203F",
                "\uD801\uDC00",
                "\uD840\uDC00",
                "\u2160",
                "\u24B6",
                "\u0903")) {
            assertThat(split("<q>" + neighbour, q))
                    .as("before U+%04X", neighbour.codePointAt(0))
                    .hasSize(1);
            assertThat(split(neighbour + "<q>", q))
                    .as("behind U+%04X", neighbour.codePointAt(0))
                    .hasSize(1);
        }
        for (String neighbour : List.of(" ", "-", "\u00BD", "\uD83D\uDE42", "$", "\u200B", "\uD83C\uDDE9", "\u0000")) {
            assertThat(split("<q>" + neighbour, q))
                    .as("before U+%04X", neighbour.codePointAt(0))
                    .containsExactly("<7>", neighbour);
            assertThat(split(neighbour + "<q>", q))
                    .as("behind U+%04X", neighbour.codePointAt(0))
                    .containsExactly(neighbour, "<7>");
        }
        assertThat(split("a<q><q>", q)).containsExactly("a<q>", "<7>"); // `>` is no word
    }

    @Test
    void f2_addedTokensAreNoPartOfWordPiecesOwnVocabulary() {
        List<String> pieces = new ArrayList<>(List.of("[UNK]", "c", "##o", "##v", "##i", "##d", "hello", "##hello"));
        WordPiece uncased = wordPiece(pieces, BertNormalizer.uncased(), plain(8, "covid"));
        assertThat(uncased.inspect("COVID").stream().map(Piece::token))
                .containsExactly("c", "##o", "##v", "##i", "##d");
        assertThat(uncased.encode("covid")).containsExactly(8);
        assertThat(uncased.encode("xcovid")).containsExactly(0, 8);
        WordPiece cased = wordPiece(pieces, BertNormalizer.cased(), singleWord(8, "Ab"));
        assertThat(cased.encode("Abhello")).containsExactly(0);
        assertThat(cased.encode("Ab hello")).containsExactly(8, 6);
        assertThat(cased.vocabularySize()).isEqualTo(9);
        assertThat(cased.tokenToId("Ab")).isEqualTo(8);
        assertThat(cased.idToToken(8)).isEqualTo("Ab");
    }

    private static WordPiece wordPiece(List<String> pieces, BertNormalizer normalizer, AddedToken added) {
        return new WordPiece(
                new WordPieceVocabulary(pieces, "##"),
                WordPieceRules.BERT,
                TokenizerPipeline.Frame.of(List.of(added), normalizer));
    }

    @Test
    void f3_anAddedTokenThatIsTheSymbolOfAByteLeavesTheByteItsToken() {
        List<String> symbols = new ArrayList<>();
        for (byte b : ByteAlphabet.inSymbolOrder()) {
            symbols.add(ByteAlphabet.spell(new byte[] {b}));
        }
        int carriageReturn = symbols.indexOf("\u010D");
        assertThat(carriageReturn).isEqualTo(201);
        for (boolean special : new boolean[] {true, false}) {
            List<AddedToken> added = List.of(plain(201, "\u010D").withSpecial(special));
            var bpe = new ByteLevelBpe(
                    BpeVocabulary.ofSpellings(symbols, added, List.of()),
                    BpeRules.of(new Gpt2PreTokenizer()),
                    TokenizerPipeline.Frame.of(added, AS_IT_IS));
            assertThat(bpe.encode("a\rb")).containsExactly(64, 201, 65);
            assertThat(bpe.decode(64, 201, 65)).isEqualTo("a\rb");
            assertThat(bpe.encode("\u010D", bpe.specialTokens())).containsExactly(201);
        }
    }

    @Test
    void theLongestGoesFirstAndTheLeftmostBeforeIt() {
        assertThat(split("abc", plain(1, "ab"), plain(2, "abc"), plain(3, "bc")))
                .containsExactly("<2>");
        assertThat(split("abd", plain(1, "ab"), plain(2, "abc"), plain(3, "bd")))
                .containsExactly("<1>", "d");
        assertThat(split("aab", plain(1, "ab"), plain(2, "aa"))).containsExactly("<2>", "b");
    }

    @Test
    void whiteSpaceGoesAlongOnTheSideThatIsAsked() {
        AddedToken left = new AddedToken(1, "<l>", false, true, false, false, false);
        AddedToken right = new AddedToken(2, "<r>", false, false, true, false, false);
        assertThat(split("a \u3000<l> b", left)).containsExactly("a", "<1>", " b");
        assertThat(split("a <r> \u00A0b", right)).containsExactly("a ", "<2>", "b");
        assertThat(split("a<r>  <l>b", left, right)).containsExactly("a", "<2>", "<1>", "b");
    }

    @Test
    void aTokenWithinWhiteSpaceThatAnotherTookAlongIsFoundToo() {
        AddedToken newline = new AddedToken(1, "\n", false, false, true, false, false);
        assertThat(split("\n\n x", newline)).containsExactly("<1>", "<1>", "x");
        AddedToken both = new AddedToken(2, "  ", false, true, false, false, false);
        assertThat(split("\n  ", newline, both)).containsExactly("<1>"); // nothing is left of it
    }

    @Test
    void normalizedTokensAreLookedForInNormalizedText() {
        AddedToken big = new AddedToken(9, "AB", false, false, false, true, false);
        WordPiece tokenizer = wordPiece(List.of("[UNK]"), BertNormalizer.uncased(), big);
        assertThat(tokenizer.encode("ab Ab aB")).containsExactly(9, 9, 9);
        WordPiece raw = wordPiece(List.of("[UNK]"), BertNormalizer.uncased(), plain(9, "AB"));
        assertThat(raw.encode("ab AB")).containsExactly(0, 9);
    }

    @Test
    void tokensThatCannotBe() {
        for (Runnable wrong : List.<Runnable>of(
                () -> new AddedTokens(List.of(plain(1, "a"), plain(1, "b")), AS_IT_IS),
                () -> new AddedTokens(List.of(plain(1, "a"), plain(2, "a")), AS_IT_IS),
                () -> new AddedTokens(
                        List.of(new AddedToken(1, "\u0007", false, false, false, true, false)),
                        BertNormalizer.uncased()),
                () -> plain(-1, "a"),
                () -> plain(1, ""))) {
            assertThatThrownBy(wrong::run).isInstanceOf(TokenizerException.class);
        }
    }

    /// Where two become equal by normalising, a special one that is allowed goes first, then the one that was added
    /// first.
    @Test
    void t5_ofTokensThatNormalisingMakesEqualTheSpecialOneIsTaken() {
        AddedToken ordinary = new AddedToken(1, "AB", false, false, false, true, false);
        AddedToken special = new AddedToken(2, "aB", false, false, false, true, true);
        AddedToken later = new AddedToken(3, "Ab", false, false, false, true, false);
        List<String> pieces = List.of("[UNK]");
        var all = new WordPiece(
                new WordPieceVocabulary(pieces, "##"),
                WordPieceRules.BERT,
                TokenizerPipeline.Frame.of(List.of(ordinary, special, later), BertNormalizer.uncased()));
        assertThat(all.encode("ab", Set.of("aB"))).containsExactly(2);
        var two = new WordPiece(
                new WordPieceVocabulary(pieces, "##"),
                WordPieceRules.BERT,
                TokenizerPipeline.Frame.of(List.of(ordinary, later), BertNormalizer.uncased()));
        assertThat(two.encode("ab")).containsExactly(1);
    }

    /// A token that takes white space along may not be cut off from it: such a text is encoded whole.
    @Test
    void t5_noTextIsCutWhereATokenTakesWhiteSpaceAlong() {
        AddedToken right = new AddedToken(1, "xa", false, false, true, false, false);
        AddedToken none = plain(1, "xa");
        AddedToken spaced = plain(1, "a b");
        for (AddedToken token : List.of(right, none, spaced)) {
            WordPiece tokenizer = wordPiece(List.of("[UNK]"), BertNormalizer.uncased(), token);
            assertThat(tokenizer.safeCut("xa bc", 0)).isEqualTo(token == none ? 2 : 5);
        }
        WordPiece plain = wordPiece(List.of("[UNK]"), BertNormalizer.uncased(), none);
        assertThat(plain.safeCut("a b c", 2)).isEqualTo(3);
        assertThat(plain.safeCut(" a 1b [c z", 0)).isEqualTo(8); // a letter on both sides
        assertThat(plain.safeCut("aZ zA", 0)).isEqualTo(2);
        assertThat(plain.safeCut("z a", 0)).isEqualTo(1);
    }
}
